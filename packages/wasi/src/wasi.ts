/** One WASI instance: every interface over the options it was made with. */
import type { Imports } from './generated/index.ts';
import { Grants } from './host/grants.ts';
import { Instance } from './host/instance.ts';
import { secureRandom } from './host/random-bytes.ts';
import { stdioInput, stdioOutput } from './host/stdio.ts';
import { timeZoneOf } from './host/time-zone.ts';
import { checkOptions, limitsOf, systemClock, type WasiOptions } from './options.ts';
import { environment } from './p2/cli/environment.ts';
import { exit } from './p2/cli/exit.ts';
import { stderr } from './p2/cli/stderr.ts';
import { stdin } from './p2/cli/stdin.ts';
import { stdout } from './p2/cli/stdout.ts';
import { terminalInput } from './p2/cli/terminal-input.ts';
import { terminalOutput } from './p2/cli/terminal-output.ts';
import { terminalStderr } from './p2/cli/terminal-stderr.ts';
import { terminalStdin } from './p2/cli/terminal-stdin.ts';
import { terminalStdout } from './p2/cli/terminal-stdout.ts';
import { monotonicClock } from './p2/clocks/monotonic-clock.ts';
import { timezone } from './p2/clocks/timezone.ts';
import { wallClock } from './p2/clocks/wall-clock.ts';
import { preopens } from './p2/filesystem/preopens.ts';
import { filesystemTypes } from './p2/filesystem/types.ts';
import { outgoingHandler } from './p2/http/outgoing-handler.ts';
import { httpTypes } from './p2/http/types.ts';
import { error } from './p2/io/error.ts';
import { pollInterface } from './p2/io/poll.ts';
import { streams } from './p2/io/streams.ts';
import { insecure } from './p2/random/insecure.ts';
import { insecureSeed } from './p2/random/insecure-seed.ts';
import { random } from './p2/random/random.ts';
import { instanceNetwork } from './p2/sockets/instance-network.ts';
import { ipNameLookup, systemResolver } from './p2/sockets/ip-name-lookup.ts';
import { network } from './p2/sockets/network.ts';
import { tcp } from './p2/sockets/tcp.ts';
import { tcpCreateSocket } from './p2/sockets/tcp-create-socket.ts';
import { udp } from './p2/sockets/udp.ts';
import { udpCreateSocket } from './p2/sockets/udp-create-socket.ts';

/** The implementations by interface, without version: they serve every 0.2.x. */
export interface WasiImports extends Imports {}

/** One guest's view of the host. Disposing it closes everything the guest has left open. */
export interface Wasi extends Disposable {
  readonly imports: WasiImports;
  /** The same as `Symbol.dispose`. */
  readonly dispose: () => void;
}

/** Makes a WASI instance for one guest; throws a TypeError for options that make no sense. */
export function createWasi(options: WasiOptions = {}): Wasi {
  checkOptions(options);
  const zone = timeZoneOf(options.timezone ?? 'UTC');
  const grants = new Grants(options.network, options.onDenied);
  const instance = new Instance(
    grants,
    limitsOf(options.limits),
    options.clock ?? systemClock,
    options.lendBytes,
  );
  const fill = options.random ?? secureRandom;
  const input = stdioInput(instance, options.stdin ?? 'ignore');
  const output = stdioOutput(instance, options.stdout ?? 'inherit', 'stdout');
  const errors = stdioOutput(instance, options.stderr ?? 'inherit', 'stderr');
  const { randomBytes } = instance.limits;
  const dispose = (): void => instance[Symbol.dispose]();
  const wasi: Wasi = {
    imports: {
      'wasi:cli/environment': environment(options.args ?? [], options.env ?? {}, options.cwd),
      'wasi:cli/exit': exit,
      'wasi:cli/stderr': stderr(instance, errors),
      'wasi:cli/stdin': stdin(instance, input),
      'wasi:cli/stdout': stdout(instance, output),
      'wasi:cli/terminal-input': terminalInput,
      'wasi:cli/terminal-output': terminalOutput,
      'wasi:cli/terminal-stderr': terminalStderr(errors),
      'wasi:cli/terminal-stdin': terminalStdin(input),
      'wasi:cli/terminal-stdout': terminalStdout(output),
      'wasi:clocks/monotonic-clock': monotonicClock(instance),
      'wasi:clocks/timezone': timezone(zone),
      'wasi:clocks/wall-clock': wallClock(instance),
      'wasi:filesystem/preopens': preopens(instance, options.preopens ?? {}),
      'wasi:filesystem/types': filesystemTypes,
      'wasi:http/outgoing-handler': outgoingHandler(instance, options.resolver ?? systemResolver),
      'wasi:http/types': httpTypes(instance),
      'wasi:io/error': error,
      'wasi:io/poll': pollInterface,
      'wasi:io/streams': streams,
      'wasi:random/insecure': insecure(fill, randomBytes),
      'wasi:random/insecure-seed': insecureSeed(fill),
      'wasi:random/random': random(fill, randomBytes),
      'wasi:sockets/instance-network': instanceNetwork,
      'wasi:sockets/ip-name-lookup': ipNameLookup(instance, options.resolver ?? systemResolver),
      'wasi:sockets/network': network,
      'wasi:sockets/tcp': tcp,
      'wasi:sockets/tcp-create-socket': tcpCreateSocket(instance),
      'wasi:sockets/udp': udp,
      'wasi:sockets/udp-create-socket': udpCreateSocket(instance),
    },
    dispose,
    [Symbol.dispose]: dispose,
  };
  instances.set(wasi, instance);
  return wasi;
}

const instances = new WeakMap<Wasi, Instance>();

/** What is behind a WASI instance, for the host's other parts. */
export function instanceOf(wasi: Wasi): Instance {
  return instances.get(wasi)!;
}
