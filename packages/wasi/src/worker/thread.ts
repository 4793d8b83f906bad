/** Threads: all that is known here of `node:worker_threads`. */
import { parentPort, Worker, workerData, type WorkerOptions } from 'node:worker_threads';

/** A thread that was started. */
export interface Thread {
  readonly post: (message: unknown, transfer?: readonly MessagePort[]) => void;
  /** Ends it, whatever it does; it is over when the promise is settled. */
  readonly end: () => Promise<void>;
}

export interface ThreadEvents {
  readonly onMessage: (message: unknown) => void;
  /** It ended by itself, by an error or not; nothing follows. */
  readonly onEnd: (error: Error) => void;
}

/** Starts the thread of a guest that is run once. `data` is what {@link hostThread} has there. */
export function startThread(data: unknown, transfer: readonly MessagePort[], events: ThreadEvents): Thread {
  const options: WorkerOptions = { workerData: data, transferList: transfer as never };
  // Bundlers know a worker by this form.
  return threadOf(
    fromSources
      ? new Worker(new URL('./worker-main.ts', import.meta.url), { ...options, execArgv: sourceArguments })
      : new Worker(new URL('./worker-main.js', import.meta.url), options),
    events,
  );
}

/** Starts a thread in which guests answer requests, one after the other. */
export function startHttpThread(data: unknown, events: ThreadEvents): Thread {
  const options: WorkerOptions = { workerData: data };
  return threadOf(
    fromSources
      ? new Worker(new URL('./http-main.ts', import.meta.url), { ...options, execArgv: sourceArguments })
      : new Worker(new URL('./http-main.js', import.meta.url), options),
    events,
  );
}

const fromSources = !import.meta.url.endsWith('.js');

function threadOf(worker: Worker, events: ThreadEvents): Thread {
  worker.on('message', events.onMessage);
  worker.on('error', events.onEnd);
  worker.on('exit', (code) => events.onEnd(new Error(`the guest's thread ended with code ${code}`)));
  return {
    post: (message, transfer = []) => worker.postMessage(message, transfer as never),
    end: async () => {
      await worker.terminate();
    },
  };
}

/** For the sources as they are. */
const sourceArguments = ['--conditions=wittle-source', '--disable-warning=ExperimentalWarning'];

/** In a thread that was started: the host. */
export function hostThread(): {
  readonly data: unknown;
  readonly post: (message: unknown) => void;
  readonly onMessage: (handle: (message: unknown) => void) => void;
} {
  const port = parentPort!;
  return {
    data: workerData,
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- not a window
    post: (message) => port.postMessage(message),
    onMessage: (handle) => void port.on('message', handle),
  };
}
