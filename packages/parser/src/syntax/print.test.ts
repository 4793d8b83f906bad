/** Formatting: one layout for all, every comment kept in its place, and a second time changes nothing. */
import { describe, expect, test } from '@jest/globals';
import { format } from './print.ts';

function formatted(text: string): string {
  const first = format({ name: 'test.wit', text });
  expect(first.diagnostics).toEqual([]);
  expect(format({ name: 'test.wit', text: first.text }).text).toBe(first.text);
  return first.text;
}

test('members go onto lines of their own and get their commas', () => {
  const text = `package a:b@1.0.0;interface c{record r{x:u8,y:list<u8,4>}flags f{a,b}enum e{a}
variant v{a(u8),b} resource q{constructor(x:u8);m:func()->result<_,e>; s:static async func();}
resource z; resource y{} type t=tuple<u8,own<z>,> ;use d.{t as u,v as w}; f:func(a:borrow<z>,b:future,)->map<u8,result>;}`;
  expect(formatted(text)).toBe(`package a:b@1.0.0;
interface c {
  record r {
    x: u8,
    y: list<u8, 4>,
  }
  flags f {
    a,
    b,
  }
  enum e {
    a,
  }
  variant v {
    a(u8),
    b,
  }
  resource q {
    constructor(x: u8);
    m: func() -> result<_, e>;
    s: static async func();
  }
  resource z;
  resource y {}
  type t = tuple<u8, own<z>>;
  use d.{t as u, v as w};
  f: func(a: borrow<z>, b: future) -> map<u8, result>;
}
`);
});

test('worlds, nested packages and top-level uses', () => {
  const text = `package a:b;use c:d/e@1.0.0-rc.1 as f;package g:h{world w{import a:b/c;export x:interface{f:func();}
import %use:func();include y with{a as b,c as d} include z; export l: c;}}`;
  expect(formatted(text)).toBe(`package a:b;
use c:d/e@1.0.0-rc.1 as f;
package g:h {
  world w {
    import a:b/c;
    export x: interface {
      f: func();
    }
    import %use: func();
    include y with { a as b, c as d }
    include z;
    export l: c;
  }
}
`);
});

test('gates stand on lines of their own, and one empty line is kept', () => {
  const text = `package a:b@1.0.0;



@since(version=1.0.0) @deprecated( version = 1.0.0 )

interface c {

  @unstable(feature = x) f: func();


  @external-id("a\\"b") g: func();

}

`;
  expect(formatted(text)).toBe(`package a:b@1.0.0;

@since(version = 1.0.0)
@deprecated(version = 1.0.0)
interface c {
  @unstable(feature = x)
  f: func();

  @external-id("a\\"b")
  g: func();
}
`);
});

test('long or already spread lists are spread, a comma after the last parameter stays as it is', () => {
  const text = `package a:b;
interface c {
  f: func(
    a: u8, b: u8);
  g: func(
    a: u8,
  );
  h: func(first-parameter: string, second-parameter: string, third-parameter: string) -> result<_, string>;
  use d.{some-rather-long-name, another-rather-long-name, a-third-rather-long-name, a-fourth-long-name};
}
`;
  expect(formatted(text)).toBe(`package a:b;
interface c {
  f: func(
    a: u8,
    b: u8
  );
  g: func(
    a: u8,
  );
  h: func(
    first-parameter: string,
    second-parameter: string,
    third-parameter: string
  ) -> result<_, string>;
  use d.{
    some-rather-long-name,
    another-rather-long-name,
    a-third-rather-long-name,
    a-fourth-long-name,
  };
}
`);
});

describe('comments', () => {
  test('stay where they were: before, behind, and in empty bodies', () => {
    const text = `// license

/// docs
package a:b; // the package
interface c { // opens
// first


/* second */ f: func(); /* behind */ // and more
    record r { a: u8 // no comma
    , b: u8, // a comma
    /** docs
      * of c */ c: u8
    // last
    }
  // end
}
interface empty {
  // nothing yet
}
// the end`;
    expect(formatted(text)).toBe(`// license

/// docs
package a:b; // the package
interface c { // opens
  // first

  /* second */ f: func(); /* behind */ // and more
  record r {
    a: u8 // no comma
      ,
    b: u8, // a comma
    /** docs
      * of c */ c: u8,
    // last
  }
  // end
}
interface empty {
  // nothing yet
}
// the end
`);
  });

  test('inside types and parameters they keep their neighbours', () => {
    const text = `package a:b;
interface c {
  type t = list</* element */ u8 /* after */>;
  type u = tuple<u8, // first
    u16>;
  f: func(a: u8, /* b */ b: u8);
  g: func(/* none */);
}
`;
    expect(formatted(text)).toBe(`package a:b;
interface c {
  type t = list</* element */ u8 /* after */>;
  type u = tuple<u8, // first
    u16>;
  f: func(
    a: u8, /* b */
    b: u8
  );
  g: func(/* none */);
}
`);
  });
});

test('a text with errors comes back as it is', () => {
  const text = 'package a:b;\ninterface  c {\n  f func();\n}\n';
  const { text: same, diagnostics } = format({ name: 'test.wit', text });
  expect(same).toBe(text);
  expect(diagnostics.map(({ code }) => code)).toEqual(['unexpected-token']);
});

test.each([
  ['', ''],
  ['  \n\n', ''],
  ['\u{feff}package a:b;', 'package a:b;\n'],
  ['// only', '// only\n'],
  ['package a:b;\r\ninterface c {\r\n  // x\r\n}\r\n', 'package a:b;\ninterface c {\n  // x\n}\n'],
])('%j becomes %j', (text, expected) => {
  expect(formatted(text)).toBe(expected);
});
