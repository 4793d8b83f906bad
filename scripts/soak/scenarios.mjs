/** All scenarios by name, in the order in which they run. */
import { connections } from './connections.mjs';
import { datagrams } from './datagrams.mjs';
import { endings } from './endings.mjs';
import { files } from './files.mjs';
import { http } from './http.mjs';
import { shortages } from './shortages.mjs';

/**
 * `title`; `run`, which is given the process to check on; `limit` in seconds; `files`, how many files the process may
 * have open at a time.
 */
export const scenarios = { ...connections, ...datagrams, ...endings, ...shortages, ...http, ...files };
