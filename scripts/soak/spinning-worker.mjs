/** A guest that spins, in a worker; tells the port that it listens on. */
import { parentPort } from 'node:worker_threads';
import { soakProgram } from './guests.mjs';

const guest = await soakProgram(['serve', 1000, 0, 'spin']);
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a port of Node's has no origins
parentPort.postMessage(await guest.port());
