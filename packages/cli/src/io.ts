/** What a command may touch of the outside world besides files: two text sinks and a working directory. */

/** Replaced in tests; {@link processIo} is the real one. */
export interface Io {
  /** Takes what was asked for; the text brings its own line ends. */
  readonly stdout: (text: string) => void;
  /** Takes what went wrong. */
  readonly stderr: (text: string) => void;
  /** What relative paths are relative to. */
  readonly cwd: string;
  /** `stdout` is read by a person. Default: no. */
  readonly terminal?: boolean;
  /** Takes what is shown for a while, with codes of terminals; only there when a person reads it. */
  readonly progress?: (text: string) => void;
}

/** The process's own streams. A reader that goes away (`wittle resolve … | head`) ends the output without a word. */
export function processIo(): Io {
  return {
    stdout: writerOf(process.stdout),
    stderr: writerOf(process.stderr),
    cwd: process.cwd(),
    terminal: process.stdout.isTTY,
    ...(process.stderr.isTTY && !process.env['CI'] && { progress: writerOf(process.stderr) }),
  };
}

function writerOf(stream: NodeJS.WriteStream): (text: string) => void {
  if (!watched.has(stream)) {
    watched.add(stream);
    stream.on('error', () => {
      gone.add(stream);
    });
  }
  return (text) => {
    if (!gone.has(stream)) stream.write(text);
  };
}

const watched = new WeakSet<NodeJS.WriteStream>();
const gone = new WeakSet<NodeJS.WriteStream>();
