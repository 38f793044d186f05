// Lists the activity of a firm with the client that is generated from the description.

import createClient from "openapi-fetch";
import type { paths } from "./description.js";

declare const process: { argv: string[] };

const [url, token] = process.argv.slice(2);
const client = createClient<paths>({ baseUrl: url, headers: { authorization: `Bearer ${token}` } });
const { data, error } = await client.GET("/v1/quickbooks/activity", { params: { query: { limit: 5 } } });
if (!data) throw new Error(error.detail);
for (const { at, document, number, amount, state } of data.activity) {
  console.log([at, document.kind, number ?? document.id, amount ?? "", state].join("  "));
}
