// An OpenID provider on loopback, as the file that is named says. The package is certified by the
// OpenID Foundation; its development pages let anybody sign in under any name.
import { readFileSync } from "node:fs";
import Provider from "oidc-provider";

const { port, keys, client, redirect, scope } = JSON.parse(readFileSync(process.argv[2], "utf8"));

new Provider(`http://127.0.0.1:${port}`, {
  clients: [
    {
      client_id: client,
      application_type: "native",
      grant_types: ["authorization_code"],
      response_types: ["code"],
      redirect_uris: [redirect],
      token_endpoint_auth_method: "none",
    },
  ],
  cookies: { keys: ["only for tests"] },
  jwks: { keys },
  features: {
    resourceIndicators: {
      enabled: true,
      getResourceServerInfo: (_ctx, resource) => ({
        scope,
        audience: resource,
        accessTokenFormat: "jwt",
        accessTokenTTL: 600,
      }),
    },
  },
}).listen(port, "127.0.0.1");
