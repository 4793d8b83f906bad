/** A component behind `httpServer`: `node wittle.mjs <component> <options as JSON>`. */
import { readFileSync } from 'node:fs';
import { packages } from '../folders.mjs';

const [path, options] = process.argv.slice(2);
const { httpServer } = await import(new URL('wasi/dist/index.js', packages));
const { compile } = await import(new URL('component/dist/index.js', packages));
const component = await compile(readFileSync(path), { portable: true });
const onFailure = (error) => console.error(error);
const server = httpServer(component, { onFailure, ...JSON.parse(options) });
server.listen(0, '127.0.0.1', () => console.log(`listening on 127.0.0.1:${server.address().port}`));
