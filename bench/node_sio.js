// The peer: Socket.IO 4 on Node. POST /emit sends the body to every client.
// node node_sio.js PORT, with socket.io installed where NODE_PATH points.
"use strict";

const http = require("http");
const { Server } = require("socket.io");

const server = http.createServer((request, response) => {
  if (request.method !== "POST") {
    response.end("ok");
    return;
  }
  const parts = [];
  request.on("data", (part) => parts.push(part));
  request.on("end", () => {
    io.emit("picture", JSON.parse(Buffer.concat(parts).toString()));
    response.end("ok");
  });
});
const io = new Server(server, { transports: ["websocket"] });
server.listen(Number(process.argv[2]), "127.0.0.1", 4096);
