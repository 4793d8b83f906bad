/** What runs in the page: each check is a line of the page, and all of them go back to the server. */
import { compile, instantiate } from '@wittle/component';
import { ComponentError } from '@wittle/runtime';
import { parse, resolve } from '@wittle/parser';
import { serveImports } from '@wittle/wasi/worker';

const results = [];
const violations = [];
document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
  violations.push(`${violatedDirective} ${blockedURI}`);
});

await check('WIT is parsed and resolved', async () => {
  const text = await (await fetch('/shop/wit/shop.wit')).text();
  const { model } = resolve({ sources: [{ name: 'shop.wit', text }] });
  equal(model.worlds.map(({ name }) => name).join(), 'store,checkout,shop');
  const { diagnostics } = parse({ name: 'a.wit', text: 'package a:b;\ninterface c { f: func( }' });
  equal(diagnostics[0].span.start, 36);
});

await check('a component of two, with a resource that one gives to the other', async () => {
  const component = await compile(fetch('/shop/shop.wasm'));
  const { carts, till } = await instantiate(component);
  const cart = new carts.Cart('Zoë');
  cart.add({ name: 'Äpfel 🍏', quantity: 3, cents: 45n });
  equal(till.receipt(cart), 'Zoë\n3 × Äpfel 🍏: 1.35 €\n1.35 €');
  equal(String(till.pay(cart, 200n)), '65');
  equal(carts.Cart.alive(), 0);
});

await check('a component with imports of WASI, of which the page gives what it asks for', async () => {
  const written = [];
  const component = await compile(fetch('/words/words.wasm'));
  const words = await instantiate(component, wasi('to be or not to be', written));
  // It may have to wait for its input, so everything that it exports gives promises.
  equal(JSON.stringify(await words.count('a B b', 1)), '[{"word":"b","count":2}]');
  const error = await words.count('', 1).catch((thrown) => thrown);
  equal(error instanceof ComponentError ? error.payload : error, 'no-words');
  await words.run.run();
  equal(new TextDecoder().decode(Uint8Array.from(written)), '2 be\n2 to\n1 not\n1 or\n');
});

await check('and which waits for the page, where WebAssembly can', async () => {
  if (!('Suspending' in WebAssembly)) return;
  const written = [];
  const words = await instantiate(await compile(fetch('/words/words.wasm')), wasi('a b b', written, 10));
  await words.run.run();
  equal(new TextDecoder().decode(Uint8Array.from(written)), '2 b\n1 a\n');
});

await check('or anywhere in a worker, which stops while the page gets its input', async () => {
  const written = [];
  const served = serveImports(wasi('a b b', written, 10));
  const worker = new Worker('/resolved/worker.js', { type: 'module' });
  const outcome = await new Promise((resolve, reject) => {
    worker.addEventListener('message', ({ data }) => resolve(data));
    worker.addEventListener('error', ({ message }) => reject(new Error(message)));
    worker.postMessage(served.connection, [served.connection.port]);
  });
  worker.terminate();
  equal(outcome, 'it has run');
  equal(new TextDecoder().decode(Uint8Array.from(written)), '2 b\n1 a\n');
  equal(served.resources, 0);
  served[Symbol.dispose]();
});

await check('nothing of it needed `eval`', () => equal(violations.join(), ''));

// The last one, as it is a violation itself.
await check('which this page forbids', () => {
  equal(caught(() => new Function('return 1')())?.name, 'EvalError');
});

await fetch('/report', { method: 'POST', body: JSON.stringify(results) });

/** A standard input and output in memory; the input takes a number of milliseconds. */
function wasi(input, written, delay = 0) {
  const bytes = new TextEncoder().encode(input);
  let at = 0;
  class InputStream {
    blockingRead(length) {
      if (at === bytes.length) throw { tag: 'closed' };
      const read = bytes.slice(at, at + Number(length));
      at += read.length;
      return delay === 0 ? read : new Promise((resolve) => setTimeout(() => resolve(read), delay));
    }
  }
  class OutputStream {
    blockingWriteAndFlush(given) {
      written.push(...given);
    }
  }
  return {
    'wasi:cli/stdin': { getStdin: () => new InputStream() },
    'wasi:cli/stdout': { getStdout: () => new OutputStream() },
    'wasi:cli/environment': { getArguments: () => ['words'] },
    'wasi:io/error': { Error: class {} },
    'wasi:io/streams': { InputStream, OutputStream },
  };
}

async function check(name, body) {
  let problem;
  try {
    await body();
  } catch (error) {
    problem = String(error?.stack ?? error);
  }
  results.push({ name, problem });
  const line = document.createElement('li');
  line.textContent = `${problem === undefined ? '✔' : '✘'} ${name}${problem === undefined ? '' : `: ${problem}`}`;
  document.querySelector('#checks').append(line);
}

function caught(body) {
  try {
    body();
  } catch (error) {
    return error;
  }
  return undefined;
}

function equal(actual, expected) {
  if (!Object.is(actual, expected)) throw new Error(`got ${String(actual)}, expected ${String(expected)}`);
}
