/** Threads: all that is known here of `node:worker_threads`. */
import { parentPort, Worker, workerData } from 'node:worker_threads';

/** A thread that was started. */
export interface Thread {
  readonly post: (message: unknown) => void;
  /** Ends it, whatever it does; it is over when the promise is settled. */
  readonly end: () => Promise<void>;
}

export interface ThreadEvents {
  readonly onMessage: (message: unknown) => void;
  /** It ended by itself, by an error or not; nothing follows. */
  readonly onEnd: (error: Error) => void;
}

/** Starts a guest's thread. `data` is what {@link hostThread} has there. */
export function startThread(data: unknown, transfer: readonly MessagePort[], events: ThreadEvents): Thread {
  const built = new URL('./worker-main.js', import.meta.url);
  const fromSource = import.meta.url.endsWith('.ts');
  const worker = new Worker(fromSource ? new URL(built.href.replace(/js$/, 'ts')) : built, {
    workerData: data,
    transferList: transfer as never,
    ...(fromSource && { execArgv: ['--conditions=wittle-source', '--disable-warning=ExperimentalWarning'] }),
  });
  worker.on('message', events.onMessage);
  worker.on('error', events.onEnd);
  worker.on('exit', (code) => events.onEnd(new Error(`the guest's thread ended with code ${code}`)));
  return {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- not a window
    post: (message) => worker.postMessage(message),
    end: async () => {
      await worker.terminate();
    },
  };
}

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
