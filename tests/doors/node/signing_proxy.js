"use strict";
// Stands between a client that signs nothing and the endpoint: signs every body as Alexa does and hands it on.
const crypto = require("crypto");
const http = require("http");

/**
 * @param {{port: number, key: string, certificateUrl: string}} endpoint port on loopback, PEM private key, header value
 * @returns {Promise<{port: number, exchanges: Array<{request: object, status: number}>, close: () => void}>}
 */
function startSigningProxy(endpoint) {
  const exchanges = [];
  const server = http.createServer((incoming, outgoing) => {
    const chunks = [];
    incoming.on("data", (chunk) => chunks.push(chunk));
    incoming.on("end", () => {
      const body = Buffer.concat(chunks);
      const onward = http.request(
        {
          host: "127.0.0.1",
          port: endpoint.port,
          method: "POST",
          path: "/",
          headers: {
            "Content-Type": "application/json; charset=utf-8",
            "Content-Length": body.length,
            SignatureCertChainUrl: endpoint.certificateUrl,
            "Signature-256": crypto.sign("sha256", body, endpoint.key).toString("base64"),
          },
        },
        (answer) => {
          exchanges.push({ request: JSON.parse(body.toString("utf8")), status: answer.statusCode });
          outgoing.writeHead(answer.statusCode, answer.headers);
          answer.pipe(outgoing);
        },
      );
      onward.on("error", () => outgoing.writeHead(502).end());
      onward.end(body);
    });
  });
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      resolve({ port: server.address().port, exchanges, close: () => server.close() });
    });
  });
}

module.exports = { startSigningProxy };
