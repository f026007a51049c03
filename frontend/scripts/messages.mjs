/**
 * Compiles the words of src/locales during the build into the small trees that the page reads.
 * The official plugin does the same but needs a newer Node.
 */
import { baseCompile } from '@intlify/message-compiler'

function compiled(words, path) {
  if (typeof words === 'string') {
    const { ast } = baseCompile(words, {
      jit: true,
      optimize: true,
      minify: true,
      location: false,
      mangle: true,
      onError: (error) => {
        throw new Error(`${path}: ${error.message}`)
      },
    })
    return ast
  }
  return Object.fromEntries(Object.entries(words).map(([key, value]) => [key, compiled(value, `${path}.${key}`)]))
}

/** @returns {import('vite').Plugin} */
export function compiledMessages() {
  return {
    name: 'compiled-messages',
    enforce: 'pre',
    transform(code, id) {
      if (!/\/src\/locales\/.+\.json$/.test(id)) return null
      return { code: JSON.stringify(compiled(JSON.parse(code), id)), map: null }
    },
  }
}
