"""What a settings file begins with where there is none: everything commented out, so that it changes nothing."""

USER_TEMPLATE = """\
# Passerelle's settings for you, in every editor. They are in force as soon as this file is saved.
# A workspace can say more in its own passerelle.toml, except about gateways and keys.

# gateway = "vercel"                # or "offline", or one of your own below

# [roles]
# chat = "anthropic/claude-sonnet-4"

# [models."anthropic/*"]            # by id or glob; the most specific wins
# temperature = 0.7
# max_tokens = 4096

# [gateways.vercel]                 # a key is never written here, only where it is to be found:
# url = "https://ai-gateway.vercel.sh/v1"
# key = "keyring:vercel"            # env:NAME, file:PATH, cmd:PROGRAM ARGUMENTS, keyring:NAME, editor:NAME
"""
