/** The theme's colours as a canvas takes them, and a pattern beside each, so that nothing is told by colour alone. */
import { OTHERS } from "../../common/usageSeries";

/** What charts are painted with. */
export interface Look {
    text: string;
    dim: string;
    grid: string;
    surface: string;
    hover: { background: string; border: string; text: string };
    font: { family: string; size: number };
    tones: string[];
    /** How strong patterns are. */
    ink: number;
}

/** Expressions of CSS; a high contrast theme leaves some of the colours out. */
const TONES = [
    "var(--vscode-charts-blue)",
    "var(--vscode-charts-green)",
    "var(--vscode-charts-purple)",
    "var(--vscode-charts-orange, var(--vscode-terminal-ansiCyan, var(--vscode-charts-foreground)))",
    "var(--vscode-charts-red)",
    "var(--vscode-charts-yellow)",
    "color-mix(in srgb, var(--vscode-charts-foreground) 55%, var(--vscode-editor-background))",
];

const TILE = 8;

export function lookOf(): Look {
    const probe = document.createElement("span");
    document.body.append(probe);
    const computed = getComputedStyle(probe);
    const colour = (expression: string): string => {
        probe.style.color = expression;
        return computed.color;
    };
    const look = {
        text: colour("var(--vscode-foreground)"),
        dim: colour("var(--vscode-descriptionForeground)"),
        grid: colour("color-mix(in srgb, var(--vscode-charts-foreground) 14%, transparent)"),
        surface: colour("var(--vscode-editor-background)"),
        hover: {
            background: colour("var(--vscode-editorHoverWidget-background)"),
            border: colour("var(--vscode-contrastBorder, var(--vscode-editorHoverWidget-border))"),
            text: colour("var(--vscode-editorHoverWidget-foreground, var(--vscode-foreground))"),
        },
        font: { family: computed.fontFamily, size: Math.round(parseFloat(computed.fontSize) * 0.85) },
        tones: TONES.map(colour),
        ink: document.body.dataset.vscodeThemeKind?.includes("high-contrast") === true ? 0.7 : 0.3,
    };
    probe.remove();
    return look;
}

/** Calls back when the editor has another theme, or other fonts. Returns what ends it. */
export function onLookChange(changed: () => void): () => void {
    const observer = new MutationObserver(changed);
    // VS Code writes its variables into the one, and names the theme in the other.
    observer.observe(document.documentElement, { attributes: true, attributeFilter: ["style"] });
    observer.observe(document.body, { attributes: true, attributeFilter: ["class", "data-vscode-theme-id"] });
    return () => {
        observer.disconnect();
    };
}

/** How a series is filled: its colour with a pattern of its own; an estimate is hatched on a lighter ground. */
export function fillOf(look: Look, tone: number, isEstimate: boolean): string | CanvasPattern {
    const colour = look.tones[tone] ?? look.text;
    const scale = Math.max(1, window.devicePixelRatio);
    const tile = document.createElement("canvas");
    tile.width = tile.height = TILE * scale;
    const brush = tile.getContext("2d");
    if (brush === null) return colour;
    brush.scale(scale, scale);
    brush.globalAlpha = isEstimate ? 0.2 : 1;
    brush.fillStyle = colour;
    brush.fillRect(0, 0, TILE, TILE);
    brush.globalAlpha = isEstimate ? 1 : look.ink;
    brush.strokeStyle = brush.fillStyle = isEstimate ? colour : look.surface;
    if (isEstimate) hatch(brush);
    else if (tone !== OTHERS) PATTERNS[tone % PATTERNS.length]?.(brush);
    const pattern = brush.createPattern(tile, "repeat");
    pattern?.setTransform(new DOMMatrix().scale(1 / scale));
    return pattern ?? colour;
}

/** Of the tones, in their order; the first is plain. */
const PATTERNS: ((brush: CanvasRenderingContext2D) => void)[] = [
    () => undefined,
    (brush) => {
        dot(brush, 2, 2, 1);
        dot(brush, 6, 6, 1);
    },
    (brush) => {
        brush.fillRect(3, 0, 1.5, TILE);
    },
    (brush) => {
        brush.fillRect(0, 3, TILE, 1.5);
    },
    (brush) => {
        brush.fillRect(3, 0, 1, TILE);
        brush.fillRect(0, 3, TILE, 1);
    },
    (brush) => {
        dot(brush, 4, 4, 2);
    },
];

function dot(brush: CanvasRenderingContext2D, x: number, y: number, radius: number): void {
    brush.beginPath();
    brush.arc(x, y, radius, 0, 2 * Math.PI);
    brush.fill();
}

/** Lines across that go on in the next tile. */
function hatch(brush: CanvasRenderingContext2D): void {
    brush.lineWidth = 1.5;
    brush.beginPath();
    for (const shift of [-TILE, 0, TILE]) {
        brush.moveTo(shift - 1, TILE + 1);
        brush.lineTo(shift + TILE + 1, -1);
    }
    brush.stroke();
}
