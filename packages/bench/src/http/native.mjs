/** What `packages/cli/test/http-guest` does, written for Node: the same answers to `/` and `/echo`. */
import { createServer } from 'node:http';

const server = createServer((request, response) => {
  if (request.url === '/echo') request.pipe(response);
  else response.end(`${request.headers.host} ${request.url}`);
});
server.listen(0, '127.0.0.1', () => console.log(`listening on 127.0.0.1:${server.address().port}`));
