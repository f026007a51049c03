/** Where a rule comes from, as the server names it, in the words of the page. Pure. */
const AFTER = 'house rule, after '

export function ruleSource(source: string, t: (key: string, values: { text: string; article: string }) => string): string {
  const [, text = source, article = ''] = /^(.*) art\. (.*)$/.exec(source.replace(AFTER, '')) ?? []
  return t(source.startsWith(AFTER) ? 'after.source.after' : 'after.source.of', { text, article })
}
