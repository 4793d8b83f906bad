// The program of the component: its exports are what wit/world.wit says, in componentize-js's shapes.
import { getArguments, getEnvironment } from 'wasi:cli/environment@0.2.12';

class Shelf {
  #name;
  quotes = [];

  constructor(name) {
    this.#name = name;
  }

  put(quote) {
    this.quotes.push(quote);
    console.log(`${this.#name}: ${this.quotes.length}`);
    return this.quotes.length;
  }

  find({ tag, val }) {
    switch (tag) {
      case 'all':
        return this.quotes;
      case 'by':
        return this.quotes.filter(({ author }) => author === val);
      case 'tagged':
        return this.quotes.filter(({ tags }) => val.every((each) => tags.includes(each)));
    }
  }
}

export const library = {
  Shelf,
  pick({ quotes }, number) {
    // What is thrown is the error value.
    if (quotes.length === 0) throw 'the shelf is empty';
    return quotes[Number(number % BigInt(quotes.length))];
  },
};

export const run = {
  run() {
    const { SHELF: name } = Object.fromEntries(getEnvironment());
    // The error of a function that has none.
    if (name === undefined) throw undefined;
    const shelf = new Shelf(name);
    for (const text of getArguments().slice(1)) shelf.put({ text, author: undefined, tags: [] });
    for (const { text } of shelf.quotes) console.log(shout(text));
  },
};

export function shout(text) {
  return text.toUpperCase();
}
