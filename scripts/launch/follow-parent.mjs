// Loaded before server.ts by the launcher (`node --import`): when the launcher is killed without a chance to say so, the server drains and ends.
const parent = process.ppid;

setInterval(() => {
  if (process.ppid !== parent) process.kill(process.pid, "SIGTERM");
}, 1_000).unref();
