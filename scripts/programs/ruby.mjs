/** Ruby 3.4, as the package `@ruby/3.4-wasm-wasi` brings it: a library on the Preview 1 adapter, called from JavaScript. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RubyVM } from '@ruby/wasm-wasi';
import { createAdapter } from '../../packages/adapter/dist/index.js';
import { createWasi, MemoryDirectory } from '../../packages/wasi/dist/index.js';
import { withDirectory } from './wittle.mjs';

const path = new URL('node_modules/@ruby/3.4-wasm-wasi/dist/ruby+stdlib.wasm', import.meta.url);
const ruby = await WebAssembly.compile(readFileSync(path));

/** Files by Ruby's standard library: what it says of them, as JSON. */
const files = `
require 'json'
require 'fileutils'
require 'tempfile'
Dir.mkdir('/tmp')
File.write('/tmp/a.txt', (1..1000).map { |i| "line #{i}\\n" }.join)
FileUtils.mkdir_p('/tmp/x/y/z')
FileUtils.cp('/tmp/a.txt', '/tmp/x/y/z/b.txt')
File.rename('/tmp/x/y/z/b.txt', '/tmp/x/c.txt')
File.symlink('c.txt', '/tmp/x/link')
File.utime(1000, 2000, '/tmp/x/c.txt')
File.open('/tmp/x/c.txt', 'a') { |file| file.puts 'end' }
found = {
  lines: File.readlines('/tmp/a.txt').size,
  last: File.readlines('/tmp/x/link').last,
  size: File.stat('/tmp/x/link').size,
  symlink: File.lstat('/tmp/x/link').symlink?,
  seek: File.open('/tmp/a.txt') { |file| file.seek(-5, IO::SEEK_END); file.read },
  glob: Dir.glob('/tmp/**/*').sort,
  missing: (File.read('/nope') rescue $!.class.to_s),
  outside: (File.read('/../etc/passwd') rescue $!.class.to_s),
  directory: (File.read('/tmp') rescue $!.class.to_s),
  env: ENV['NAME'],
  year: Time.now.year > 2024,
  random: Random.bytes(4).size,
}
FileUtils.rm_rf('/tmp/x')
found[:left] = Dir.children('/tmp')
JSON.generate(found)
`;

const expected = {
  lines: 1000,
  last: 'end\n',
  size: 8897,
  symlink: true,
  seek: '1000\n',
  glob: ['/tmp/a.txt', '/tmp/x', '/tmp/x/c.txt', '/tmp/x/link', '/tmp/x/y', '/tmp/x/y/z'],
  missing: 'Errno::ENOENT',
  outside: 'Errno::EPERM',
  directory: 'Errno::EBADF',
  env: 'value',
  year: true,
  random: 4,
  left: ['a.txt'],
};

/** `check(what, run)` runs one check, `equal(actual, wanted)` throws if they differ. */
export async function run({ check, equal }) {
  await check('Ruby works on files in memory', async () => {
    const memory = new MemoryDirectory();
    equal(JSON.parse(await evaluate(memory, files)), expected);
    equal(memory.readFile('tmp/a.txt')?.length, 8893);
  });
  await check('Ruby works on files of this machine', () =>
    withDirectory(async (directory) => {
      equal(JSON.parse(await evaluate(directory, files)), expected);
      equal(readdirSync(join(directory, 'tmp')), ['a.txt']);
    }),
  );
}

/** What a Ruby program comes to, as text. */
async function evaluate(directory, program) {
  const args = ['ruby.wasm', '-EUTF-8', '-e_=0'];
  using wasi = createWasi({ args, env: { NAME: 'value' }, preopens: { '/': directory } });
  let instance;
  const functions = createAdapter(wasi.imports).imports({
    get memory() {
      return instance.exports.memory;
    },
  })['wasi_snapshot_preview1'];
  const { vm } = await RubyVM.instantiateModule({
    module: ruby,
    args,
    wasip1: {
      wasiImport: Object.fromEntries(Object.entries(functions).map(([name, { call }]) => [name, call])),
      initialize: (made) => {
        instance = made;
        made.exports._initialize();
      },
    },
  });
  return vm.eval(program).toString();
}
