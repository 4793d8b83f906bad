#!/usr/bin/env node
/** Starts the CLI on a Node that is new enough; an older one gets one line. */
import module from 'node:module';
import v8 from 'node:v8';

/** What commands take from Node. */
const builtins = ['crypto', 'fs', 'os', 'path', 'timers/promises', 'url', 'util'];

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 12)) {
  console.error(`wittle needs Node 22.12 or newer; this is Node ${process.versions.node}.`);
  process.exit(1);
}
const { compileCacheStatus: kept } = module.constants;
const argv = process.argv.slice(2);
// Node keeps compiled code in the system's directory for temporary files; NODE_DISABLE_COMPILE_CACHE=1 turns it off.
const { status } = module.enableCompileCache();
const isKept = status === kept.ENABLED || status === kept.ALREADY_ENABLED;
// V8 complains of flags that it does not have any more.
const hasFlags = major < 28;
// What is kept is what was compiled when its module was loaded. V8 leaves functions for their first call, and that takes
// an eighth of each run, so all are compiled at once. What Node itself consists of is kept in another way.
if (isKept && hasFlags) {
  for (const name of builtins) process.getBuiltinModule(name);
  v8.setFlagsFromString('--no-lazy');
}
const { executes, isWritten, load, main } = await import('../dist/main.js');
const isBrief = !executes(argv);
// What runs programs takes so much of Node that it would take longer.
if (isBrief) await load(argv);
if (isKept && hasFlags) v8.setFlagsFromString('--lazy');
// The last of V8's compilers takes a fifth of the time of the processor, and is waited for at the end; most commands
// are done before it pays. Before Node 24 there is none between it and the slow ones.
if (isBrief && hasFlags && major >= 24) v8.setFlagsFromString('--no-turbofan');
process.exitCode = await main(argv);
// Otherwise Node would first take apart, piece by piece, what goes with the process anyway.
if (isWritten()) process.exit();
