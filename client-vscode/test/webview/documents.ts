/** Markdown of every kind, as models write it. */
export const DOCUMENTS: Record<string, string> = {
    prose: `# A heading with *emphasis*

A paragraph with **bold**, *italic*, ***both***, ~~gone~~, \`code\`, a [link](https://example.com/a_b_(c)) and
a second line. Escapes: \\*not bold\\*, 2 * 3 * 4, snake_case_name, a < b && c > d, AT&T, &amp;.

Setext
======

Another
---

Some text
- a list right under it
- **bold:** item

> A quote with **bold**
> over lines
lazy line

***

1. one
2. two
   continued

   a paragraph in the item
10. ten
`,
    code: `Here:

\`\`\`ts title=x
const a = \`x\${1}\`;
// ** not bold **

if (a < b) { /* [x](y) */ }
\`\`\`

Text between, \`inline\` and \`\`with \` tick\`\`.

~~~~python
def f():
    """doc
    \`\`\`
    """
~~~~

    indented code
      more

- item
  \`\`\`sh
  ls -la
  \`\`\`
- next

\`\`\`\`markdown
\`\`\`js
nested
\`\`\`
\`\`\`\`

\`\`\`
never closed
| a | b |
- x
`,
    tables: `Intro
| Name | Price | Note |
|:-----|------:|:----:|
| **a** | $1 | \`x|y\` |
| b \\| c | 2 | [l](https://e.org) |

After.

| one |
| --- |
| 1 |
text right after

| not a table
| at all |

a | b
--- | ---
1 | 2
`,
    lists: `- a
  - b
    - c

      loose
  - d
- [ ] todo
- [x] done **bold**
* other list
+ third

1) first
2) second
   - mixed
   > quote in item
   > more

Text [ref][1] and ![image](https://example.com/x.png "title") and [half] brackets [0] x[1].

[1]: https://example.com "Title"
[two]: <https://example.com/two>
"a late title"

Final [two] and [ref][1].
`,
    html: `Text with <b>bold</b>, <br> break, <Foo a="1"> unknown and <https://auto.link> and https://bare.link/x_y.

<div align="center">

**inside**

</div>

<details><summary>Sum</summary>

body

</details>

<!-- a comment
over lines -->

<script>
alert(1)
</script>

After <sub>sub</sub> <span style="x">span</span> <unclosed
`,
    odd: `*a **b* c** _d __e_ f__ \`\`\` inline
** ** * * __ [ ] [] () []( ![]( <> < >
\\
\\\`
$x_1$ \\(a_b\\) \\[ c_d
e \\] $$ f $$

-

--
- -
1.
#
##no
> > nested
>
> - q
>   r
\t- tab
ﷺ مرحبا **بالعالم** [x](https://ar.example)
😀*😀*😀 \`😀\`
- a
-
- b

\u00a0
end  
hard\\
break`,
};
