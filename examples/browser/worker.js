/** A worker of the page: runs a component over the page's imports, without JSPI. */
import { compile, instantiate } from '@wittle/component';
import { connectImports } from '@wittle/wasi/worker';

addEventListener('message', async ({ data: connection }) => {
  let outcome = 'it has run';
  try {
    const { imports, settle } = connectImports(connection);
    const component = await compile(fetch('/words/words.wasm'));
    const { run } = await instantiate(component, imports, { blocking: 'none' });
    await run.run();
    settle();
  } catch (error) {
    outcome = String(error?.stack ?? error);
  }
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- not a window
  postMessage(outcome);
});
