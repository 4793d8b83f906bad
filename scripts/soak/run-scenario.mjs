/** Runs one scenario in this process. What it finds are lines of standard output; it then ends by itself. */
import { argv } from 'node:process';
import { Checks } from './checks.mjs';
import { scenarios } from './scenarios.mjs';

const checks = new Checks();
process.on('warning', (warning) => checks.that(`nothing warns: ${warning.stack}`, false));
try {
  await scenarios[argv[2]].run(checks);
} catch (error) {
  checks.that(error.stack, false);
}
