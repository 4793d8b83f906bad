/** Clients of TypeScript's language servers, as far as asking for definitions takes. */
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** Where something is defined; lines and columns from 0, columns in UTF-16 code units. */
export interface Definition {
  readonly path: string;
  readonly start: Place;
  readonly end: Place;
}

export interface Place {
  readonly line: number;
  readonly column: number;
}

/** A server that has a project open. Requests fail when it ends. */
export interface LanguageServer {
  readonly open: (path: string, text: string) => Promise<void>;
  readonly definitions: (path: string, at: Place) => Promise<readonly Definition[]>;
  readonly close: () => Promise<void>;
}

type Json = Readonly<Record<string, unknown>>;

/** TypeScript up to 6: its own protocol. `tsserver` is the path of `tsserver.js`. */
export function startTsserver(tsserver: string): LanguageServer {
  const server = start(process.execPath, [
    tsserver,
    '--disableAutomaticTypingAcquisition',
    '--suppressDiagnosticEvents',
  ]);
  const send = (command: string, args: Json): number => {
    const seq = server.next();
    server.process.stdin.write(`${JSON.stringify({ seq, type: 'request', command, arguments: args })}\n`);
    return seq;
  };
  server.listen(({ type, request_seq: seq, success, body, message: problem }, answer) => {
    if (type === 'response') answer(Number(seq), success === true ? undefined : String(problem), body);
  });
  const place = ({ line, offset }: { line: number; offset: number }): Place => ({
    line: line - 1,
    column: offset - 1,
  });
  return {
    open: async (file, fileContent) => void send('open', { file, fileContent }),
    definitions: async (file, { line, column }) => {
      const body = await server.answerTo(
        send('definitionAndBoundSpan', { file, line: line + 1, offset: column + 1 }),
      );
      const { definitions } = body as {
        definitions: { file: string; start: never; end: never }[];
      };
      return definitions.map((each) => ({
        path: each.file,
        start: place(each.start),
        end: place(each.end),
      }));
    },
    close: () => {
      send('exit', {});
      return server.ended;
    },
  };
}

/** TypeScript from 7: the language server protocol. `tsc` is the path of its `bin/tsc`, `root` that of the project. */
export function startLsp(tsc: string, root: string): LanguageServer {
  const server = start(process.execPath, [tsc, '--lsp', '--stdio']);
  const write = (message: Json): void => {
    const text = Buffer.from(JSON.stringify({ jsonrpc: '2.0', ...message }));
    server.process.stdin.write(`Content-Length: ${text.length}\r\n\r\n`);
    server.process.stdin.write(text);
  };
  const ask = (method: string, params: Json | undefined): Promise<unknown> => {
    const id = server.next();
    write({ id, method, params });
    return server.answerTo(id);
  };
  server.listen(({ id, method, params, error, result }, answer) => {
    if (id === undefined) return;
    if (method === undefined) {
      answer(Number(id), error === undefined ? undefined : JSON.stringify(error), result);
      return;
    }
    // The server asks for settings; it gets none.
    const { items } = (params ?? {}) as { items?: readonly unknown[] };
    write({ id, result: items?.map(() => null) ?? null });
  });
  const uri = pathToFileURL(root).href;
  const ready = ask('initialize', {
    processId: process.pid,
    rootUri: uri,
    capabilities: { textDocument: { definition: { linkSupport: true } } },
    workspaceFolders: [{ uri, name: 'project' }],
  }).then(() => write({ method: 'initialized', params: {} }));
  const place = ({ line, character }: { line: number; character: number }): Place => ({
    line,
    column: character,
  });
  return {
    open: async (path, text) => {
      await ready;
      const textDocument = { uri: pathToFileURL(path).href, languageId: 'typescript', version: 1, text };
      write({ method: 'textDocument/didOpen', params: { textDocument } });
    },
    definitions: async (path, { line, column }) => {
      const found = await ask('textDocument/definition', {
        textDocument: { uri: pathToFileURL(path).href },
        position: { line, character: column },
      });
      const links = (found ?? []) as {
        targetUri: string;
        targetSelectionRange: { start: never; end: never };
      }[];
      return links.map(({ targetUri, targetSelectionRange: range }) => ({
        path: fileURLToPath(targetUri),
        start: place(range.start),
        end: place(range.end),
      }));
    },
    close: async () => {
      await ask('shutdown', undefined);
      write({ method: 'exit' });
      server.process.stdin.end();
      await server.ended;
    },
  };
}

type Answer = (id: number, problem: string | undefined, value: unknown) => void;

interface Server {
  readonly process: ChildProcessByStdio<Writable, Readable, null>;
  readonly next: () => number;
  readonly answerTo: (id: number) => Promise<unknown>;
  readonly listen: (on: (message: Json, answer: Answer) => void) => void;
  readonly ended: Promise<void>;
}

function start(program: string, args: readonly string[]): Server {
  // One that hangs ends, and with it what waits for it.
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'ignore'], timeout: 120_000 });
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  let count = 0;
  const ended = new Promise<void>((done) => {
    child.on('close', () => {
      for (const each of waiting.values()) each.reject(new Error('the language server ended'));
      done();
    });
  });
  // What was written last may find it gone.
  child.stdin.on('error', () => {});
  return {
    process: child,
    next: () => ++count,
    answerTo: (id) => {
      const answer = Promise.withResolvers<unknown>();
      waiting.set(id, answer);
      return answer.promise;
    },
    listen: (on) =>
      onMessages(child.stdout, (message) =>
        on(message, (id, problem, value) => {
          const answer = waiting.get(id);
          waiting.delete(id);
          if (problem === undefined) answer?.resolve(value);
          else answer?.reject(new Error(problem));
        }),
      ),
    ended,
  };
}

/** Both protocols answer in the same frames. */
function onMessages(stream: Readable, on: (message: Json) => void): void {
  let rest = Buffer.alloc(0);
  stream.on('data', (data: Buffer) => {
    rest = Buffer.concat([rest, data]);
    for (;;) {
      const head = /Content-Length: (\d+)\r?\n(?:[^\r\n]+\r?\n)*\r?\n/.exec(rest.toString('latin1'));
      if (head === null) return;
      const from = head.index + head[0].length;
      const to = from + Number(head[1]);
      if (rest.length < to) return;
      on(JSON.parse(rest.subarray(from, to).toString()) as Json);
      rest = rest.subarray(to);
    }
  });
}
