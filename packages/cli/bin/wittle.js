#!/usr/bin/env node
/** Starts the CLI on a Node that is new enough; an older one gets one line. */
import module from 'node:module';

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 12)) {
  console.error(`wittle needs Node 22.12 or newer; this is Node ${process.versions.node}.`);
  process.exit(1);
}
// Node keeps compiled code in the system's directory for temporary files; NODE_DISABLE_COMPILE_CACHE=1 turns it off.
module.enableCompileCache();
const { main } = await import('../dist/main.js');
process.exitCode = await main(process.argv.slice(2));
