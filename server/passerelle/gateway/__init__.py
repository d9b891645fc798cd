"""The only road out: requests and answers of OpenAI-compatible gateways, their failures, keys, and HTTP."""
