#!/usr/bin/env node
/** Starts the CLI on a Node that is new enough; an older one gets one line. */
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 12)) {
  console.error(`wittle needs Node 22.12 or newer; this is Node ${process.versions.node}.`);
  process.exit(1);
}
const { main } = await import('../dist/main.js');
process.exitCode = await main(process.argv.slice(2));
