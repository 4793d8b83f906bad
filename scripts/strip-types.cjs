/** Jest transform: TypeScript to JavaScript by Node's own type stripping, so that lines and columns stay. */
const { stripTypeScriptTypes } = require('node:module');

module.exports = {
  process: (source) => ({ code: stripTypeScriptTypes(source, { mode: 'strip' }) }),
  getCacheKey: (source, path) =>
    require('node:crypto')
      .createHash('sha256')
      .update(process.version)
      .update(path)
      .update(source)
      .digest('hex'),
};
