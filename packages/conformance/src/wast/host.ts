/** What scripts may import without defining it: `host` for components, `spectest` for core modules. */

/** A new host for one script. Its functions have no state but the count of dropped resources. */
export async function componentHost(): Promise<object> {
  let drops = 0;
  let lastDrop = 0;
  class Resource1 {
    readonly rep: number;
    constructor(rep: number) {
      this.rep = rep;
    }
    [Symbol.dispose](): void {
      drops++;
      lastDrop = this.rep;
    }
    static assert(resource: Resource1, rep: number): void {
      expect(resource instanceof Resource1 && resource.rep === rep);
    }
    static drops(): number {
      return drops;
    }
    static lastDrop(): number {
      return lastDrop;
    }
    simple(rep: number): void {
      expect(this.rep === rep);
    }
    takeOwn(given: Resource1): void {
      expect(given instanceof Resource1);
    }
    takeBorrow(given: Resource1): void {
      expect(given instanceof Resource1);
    }
  }
  class Resource2 {}
  return {
    hostEchoU32: (value: number) => value,
    hostReturnTwo: () => 2,
    host: {
      returnThree: () => 3,
      returnHi: () => 'hi',
      nested: { returnFour: () => 4 },
      simpleModule: await simpleModule(),
      Resource1,
      Resource2,
      Resource1Again: Resource1,
    },
  };
}

/** The imports that core modules of the reference's scripts rely on. */
export function coreHost(): WebAssembly.Imports {
  const print = (): void => {};
  const global = (value: 'i32' | 'i64' | 'f32' | 'f64', initial: number | bigint): WebAssembly.Global =>
    new WebAssembly.Global({ value }, initial);
  return {
    spectest: {
      print,
      print_i32: print,
      print_i64: print,
      print_f32: print,
      print_f64: print,
      print_i32_f32: print,
      print_f64_f64: print,
      global_i32: global('i32', 666),
      global_i64: global('i64', 666n),
      global_f32: global('f32', 666.6),
      global_f64: global('f64', 666.6),
      table: new WebAssembly.Table({ element: 'anyfunc', initial: 10, maximum: 20 }),
      memory: new WebAssembly.Memory({ initial: 1, maximum: 2 }),
    },
  };
}

// (module (global (export "g") i32 (i32.const 100)) (func (export "f") (result i32) (i32.const 101)))
function simpleModule(): Promise<WebAssembly.Module> {
  const bytes = [
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...[0x01, 0x05, 0x01, 0x60, 0x00, 0x01, 0x7f],
    ...[0x03, 0x02, 0x01, 0x00],
    ...[0x06, 0x07, 0x01, 0x7f, 0x00, 0x41, 0xe4, 0x00, 0x0b],
    ...[0x07, 0x09, 0x02, 0x01, 0x67, 0x03, 0x00, 0x01, 0x66, 0x00, 0x00],
    ...[0x0a, 0x07, 0x01, 0x05, 0x00, 0x41, 0xe5, 0x00, 0x0b],
  ];
  return WebAssembly.compile(Uint8Array.from(bytes));
}

/** A failure of the host, which fails the test. */
function expect(isSo: boolean): void {
  if (!isSo) throw new Error('the host was given another resource than the test says');
}
