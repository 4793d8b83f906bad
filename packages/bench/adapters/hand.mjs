// Hand-written glue over the core module: what an ideal sync generator could emit (portable JS: no Buffer, no eval).
// One cached set of views, refreshed only after memory.grow; no per-call closures or option objects.
import { readFileSync } from 'node:fs';
export const label = 'hand';
export async function load(host, dir) {
  const enc = new TextEncoder(), dec = new TextDecoder('utf-8', { ignoreBOM: true, fatal: true });
  let memory, realloc, u8 = new Uint8Array(), u32, f64, dv;
  const views = () => { const b = memory.buffer; u8 = new Uint8Array(b); u32 = new Uint32Array(b); f64 = new Float64Array(b); dv = new DataView(b); };
  const alloc = (align, n) => { const p = realloc(0, 0, align, n) >>> 0; if (u8.length === 0) views(); return p; };
  const f64box = new Float64Array(1), i64box = new BigInt64Array(f64box.buffer);
  // --- strings: result length in strLen (no {ptr,len} object) ---
  let sl = 0;
  function lowerString(s) {
    const n = s.length;
    if (n === 0) { sl = 0; return 1; }
    let p = alloc(1, n), i = 0;
    if (n < 24) {
      for (; i < n; i++) { const c = s.charCodeAt(i); if (c > 127) break; u8[p + i] = c; }
      if (i === n) { sl = n; return p; }
    } else {
      const r = enc.encodeInto(s, u8.subarray(p, p + n));
      if (r.read === n) { sl = r.written; return p; }
      i = r.written; s = s.slice(r.read);  // i bytes are done
      const cap = i + s.length * 3;
      p = realloc(p, n, 1, cap) >>> 0; if (u8.length === 0) views();
      sl = i + enc.encodeInto(s, u8.subarray(p + i, p + cap)).written;
      p = realloc(p, cap, 1, sl) >>> 0; if (u8.length === 0) views();
      return p;
    }
    const cap = i + (n - i) * 3;
    p = realloc(p, n, 1, cap) >>> 0; if (u8.length === 0) views();
    sl = i + enc.encodeInto(s.slice(i), u8.subarray(p + i, p + cap)).written;
    p = realloc(p, cap, 1, sl) >>> 0; if (u8.length === 0) views();
    return p;
  }
  function liftString(p, n) {
    if (n < 12) {
      let s = '';
      for (let i = 0; i < n; i++) { const c = u8[p + i]; if (c > 127) return dec.decode(u8.subarray(p, p + n)); s += String.fromCharCode(c); }
      return s;
    }
    return dec.decode(u8.subarray(p, p + n));
  }
  // --- own/borrow tables ---
  const reps = [0]; const free = [];                       // guest resource handles -> rep
  const hostRes = [undefined]; const hostFree = [];        // host objects lent to the guest
  const mod = await WebAssembly.compile(readFileSync(new URL("micro.core.wasm", dir)));
  const H = 'bench:micro/host@0.1.0', A = 'bench:micro/api@0.1.0';
  const { exports: e } = await WebAssembly.instantiate(mod, {
    ['[export]' + A]: { '[resource-new]counter': (rep) => { const h = free.length ? free.pop() : reps.length; reps[h] = rep; return h; } },
    [H]: {
      'h-nop': () => { host.hNop(); },
      'h-add': (a, b) => host.hAdd(a >>> 0, b >>> 0),
      'h-str': (p, n) => { if (u8.length === 0) views(); return host.hStr(liftString(p >>> 0, n >>> 0)); },
      'h-ret-str': (n, ret) => { const p = lowerString(host.hRetStr(n >>> 0)); if (u8.length === 0) views(); const r = ret >>> 2; u32[r] = p; u32[r + 1] = sl; },
      'h-rec': (id, big, ratio, flag, np, nn, has, opt) => { if (u8.length === 0) views();
        return host.hRec({ id: id >>> 0, big: BigInt.asUintN(64, big), ratio, flag: flag !== 0, name: liftString(np >>> 0, nn >>> 0), opt: has ? opt >>> 0 : undefined }); },
      'h-bytes': (p, n) => { if (u8.length === 0) views(); return host.hBytes(u8.slice(p >>> 0, (p >>> 0) + n)); },
      '[method]acc.add': (h, n) => hostRes[h].add(n >>> 0),
      '[resource-drop]acc': (h) => { hostRes[h] = undefined; hostFree.push(h); },
    },
  });
  memory = e.memory; realloc = e.cabi_realloc; views();
  const x = (n) => e[`${A}#${n}`], post = (n) => e[`cabi_post_${A}#${n}`];
  const nop = x('nop'), add = x('add'), add64 = x('add64'), many = x('many-params'), spill = x('spill-params'), echoString = x('echo-string'), pEchoString = post('echo-string'),
    strLen = x('str-len'), makeString = x('make-string'), sumList = x('sum-list'), makeList = x('make-list'), echoBytes = x('echo-bytes'), pEchoBytes = post('echo-bytes'),
    echoStrings = x('echo-strings'), pEchoStrings = post('echo-strings'), echoRec = x('echo-rec'), pEchoRec = post('echo-rec'), echoItems = x('echo-items'), pEchoItems = post('echo-items'),
    sumPoints = x('sum-points'), echoShape = x('echo-shape'), pEchoShape = post('echo-shape'), echoColor = x('echo-color'), echoPerms = x('echo-perms'), echoOpt = x('echo-opt'), div = x('div'),
    ctor = x('[constructor]counter'), cAdd = x('[method]counter.add'), dtor = x('[dtor]counter'),
    runNop = x('run-nop'), runAdd = x('run-add'), runStr = x('run-str'), runRetStr = x('run-ret-str'), runRec = x('run-rec'), runBytes = x('run-bytes'), runAcc = x('run-acc');
  const COLORS = ['red', 'green', 'blue'], COLOR = { red: 0, green: 1, blue: 2 };
  class ComponentError extends Error { constructor(p) { super(String(p)); this.payload = p; } }
  const fin = new FinalizationRegistry((h) => { dtor(reps[h]); free.push(h); });
  class Counter {
    #h; #rep;
    constructor(init) { this.#h = ctor(init >>> 0); this.#rep = reps[this.#h]; fin.register(this, this.#h, this); }
    add(n) { if (this.#h === 0) throw new TypeError('dropped'); return cAdd(this.#rep, n >>> 0) >>> 0; }
    [Symbol.for('dispose')]() { const h = this.#h; if (h !== 0) { this.#h = 0; fin.unregister(this); dtor(this.#rep); free.push(h); } }
  }
  const api = {
    nop: () => { nop(); },
    add: (a, b) => add(a >>> 0, b >>> 0) >>> 0,
    add64: (a, b) => BigInt.asUintN(64, add64(a, b)),
    manyParams: (a, b, c, d, e, f, g, h, i, j, k, l) => many(a & 255, (b << 24) >> 24, c & 65535, (d << 16) >> 16, e >>> 0, f | 0, g, h, i, +j, k ? 1 : 0, l.codePointAt(0)),
    spillParams: (a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t) => { const at = alloc(4, 80), w = at >>> 2;
      u32[w] = a; u32[w + 1] = b; u32[w + 2] = c; u32[w + 3] = d; u32[w + 4] = e; u32[w + 5] = f; u32[w + 6] = g; u32[w + 7] = h; u32[w + 8] = i; u32[w + 9] = j;
      u32[w + 10] = k; u32[w + 11] = l; u32[w + 12] = m; u32[w + 13] = n; u32[w + 14] = o; u32[w + 15] = p; u32[w + 16] = q; u32[w + 17] = r; u32[w + 18] = s; u32[w + 19] = t;
      return spill(at) >>> 0; },
    echoString: (s) => { const p = lowerString(s); const r = echoString(p, sl); if (u8.length === 0) views(); const w = r >>> 2, out = liftString(u32[w], u32[w + 1]); pEchoString(r); return out; },
    strLen: (s) => { const p = lowerString(s); return strLen(p, sl) >>> 0; },
    makeString: (n) => { const r = makeString(n >>> 0); if (u8.length === 0) views(); const w = r >>> 2; return liftString(u32[w], u32[w + 1]); },
    sumList: (l) => { const n = l.length, p = alloc(4, n * 4); u32.set(l, p >>> 2); return BigInt.asUintN(64, sumList(p, n)); },
    makeList: (n) => { const r = makeList(n >>> 0); if (u8.length === 0) views(); const w = r >>> 2, p = u32[w] >>> 2; return u32.slice(p, p + u32[w + 1]); },
    echoBytes: (b) => { const n = b.length, p = alloc(1, n); u8.set(b, p); const r = echoBytes(p, n); if (u8.length === 0) views(); const w = r >>> 2, q = u32[w], out = u8.slice(q, q + u32[w + 1]); pEchoBytes(r); return out; },
    echoStrings: (l) => { const n = l.length, p = alloc(4, n * 8); for (let i = 0, w = p >>> 2; i < n; i++, w += 2) { const q = lowerString(l[i]); u32[w] = q; u32[w + 1] = sl; }
      const r = echoStrings(p, n); if (u8.length === 0) views(); let w = u32[r >>> 2] >>> 2; const m = u32[(r >>> 2) + 1], out = new Array(m);
      for (let i = 0; i < m; i++, w += 2) out[i] = liftString(u32[w], u32[w + 1]); pEchoStrings(r); return out; },
    echoRec: (v) => { const p = lowerString(v.name), n = sl, o = v.opt; const r = echoRec(v.id >>> 0, v.big, +v.ratio, v.flag ? 1 : 0, p, n, o === undefined ? 0 : 1, o === undefined ? 0 : o >>> 0);
      if (u8.length === 0) views(); const w = r >>> 2;
      const out = { id: u32[w], big: dv.getBigUint64(r + 8, true), ratio: f64[(r + 16) >>> 3], flag: u8[r + 24] !== 0, name: liftString(u32[w + 7], u32[w + 8]), opt: u8[r + 36] ? u32[w + 10] : undefined };
      pEchoRec(r); return out; },
    echoItems: (l) => { const n = l.length, p = alloc(8, n * 24); for (let i = 0, q = p; i < n; i++, q += 24) { const v = l[i], s = lowerString(v.name), w = q >>> 2; u32[w] = v.id; f64[(q + 8) >>> 3] = v.x; u32[w + 4] = s; u32[w + 5] = sl; }
      const r = echoItems(p, n); if (u8.length === 0) views(); let q = u32[r >>> 2]; const m = u32[(r >>> 2) + 1], out = new Array(m);
      for (let i = 0; i < m; i++, q += 24) { const w = q >>> 2; out[i] = { id: u32[w], x: f64[(q + 8) >>> 3], name: liftString(u32[w + 4], u32[w + 5]) }; } pEchoItems(r); return out; },
    sumPoints: (l) => { const n = l.length, p = alloc(8, n * 16); for (let i = 0, w = p >>> 3; i < n; i++, w += 2) { const v = l[i]; f64[w] = v.x; f64[w + 1] = v.y; } return sumPoints(p, n); },
    echoShape: (v) => { let r;
      switch (v.tag) {
        case 'none': r = echoShape(0, 0n, 0n); break;
        case 'circle': f64box[0] = v.val; r = echoShape(1, i64box[0], 0n); break;
        case 'rect': { f64box[0] = v.val.x; const x = i64box[0]; f64box[0] = v.val.y; r = echoShape(2, x, i64box[0]); break; }
        case 'named': { const p = lowerString(v.val); r = echoShape(3, BigInt(p), BigInt(sl)); break; }
        default: throw new TypeError('bad variant');
      }
      if (u8.length === 0) views(); let out; const w = r >>> 2, d = (r + 8) >>> 3;
      switch (u8[r]) {
        case 0: out = { tag: 'none' }; break;
        case 1: out = { tag: 'circle', val: f64[d] }; break;
        case 2: out = { tag: 'rect', val: { x: f64[d], y: f64[d + 1] } }; break;
        case 3: out = { tag: 'named', val: liftString(u32[w + 2], u32[w + 3]) }; break;
        default: throw new TypeError('bad discriminant');
      }
      pEchoShape(r); return out; },
    echoColor: (c) => { const n = COLOR[c]; if (n === undefined) throw new TypeError('bad enum'); return COLORS[echoColor(n)]; },
    echoPerms: (p) => { const r = echoPerms((p.read ? 1 : 0) | (p.write ? 2 : 0) | (p.exec ? 4 : 0) | (p.hidden ? 8 : 0)); return { read: (r & 1) !== 0, write: (r & 2) !== 0, exec: (r & 4) !== 0, hidden: (r & 8) !== 0 }; },
    echoOpt: (o) => { const r = o === undefined ? echoOpt(0, 0) : echoOpt(1, o >>> 0); if (u8.length === 0) views(); return u8[r] ? u32[(r + 4) >>> 2] : undefined; },
    div: (a, b) => { const r = div(a >>> 0, b >>> 0); if (u8.length === 0) views(); const w = r >>> 2; if (u8[r] === 0) return u32[w + 1]; throw new ComponentError(liftString(u32[w + 1], u32[w + 2])); },
    runNop: (n) => runNop(n), runAdd: (n) => runAdd(n), runStr: (n, l) => runStr(n, l), runRetStr: (n, l) => runRetStr(n, l), runRec: (n) => runRec(n), runBytes: (n, l) => runBytes(n, l),
    runAcc: (a, n) => { const h = hostFree.length ? hostFree.pop() : hostRes.length; hostRes[h] = a; return runAcc(h, n); },
    Counter,
  };
  const v = { char: (c) => c, shape: (tag, val) => (val === undefined ? { tag } : { tag, val }), unshape: (s) => (s.val === undefined ? [s.tag] : [s.tag, s.val]), color: (c) => c,
    perms: (p) => p, unperms: (p) => Object.keys(p).filter((k) => p[k]), newCounter: (n) => new Counter(n), dropCounter: (c) => c[Symbol.for('dispose')](), newAcc: () => new host.Acc() };
  return { api, v };
}
