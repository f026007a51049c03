/** Server-sent events out of text that arrives in pieces of any size (WHATWG HTML, section 9.2). */

export interface StreamEvent {
  name: string
  data: string
  /** The last id that the stream had set when this event was complete. */
  id: string
}

export interface EventParser {
  /** Takes the next piece of text and returns the events that it completed. */
  push(text: string): StreamEvent[]
  /** Milliseconds that the server asked to wait before a reconnect, once it has. */
  retry(): number | null
}

export function createEventParser(lastId = ''): EventParser {
  let rest = ''
  let first = true
  let id = lastId
  let name = ''
  let data: string[] = []
  let retry: number | null = null

  function field(line: string): void {
    const colon = line.indexOf(':')
    const key = colon === -1 ? line : line.slice(0, colon)
    const value = colon === -1 ? '' : line.slice(colon + 1).replace(/^ /, '')
    if (key === 'data') data.push(value)
    else if (key === 'event') name = value
    else if (key === 'id' && !value.includes('\0')) id = value
    else if (key === 'retry' && /^\d+$/.test(value)) retry = Number(value)
  }

  function complete(): StreamEvent | null {
    const event = data.length > 0 ? { name: name || 'message', data: data.join('\n'), id } : null
    name = ''
    data = []
    return event
  }

  return {
    retry: () => retry,
    push(text) {
      rest += text
      if (first && rest !== '') {
        rest = rest.replace(/^\uFEFF/, '')
        first = false
      }
      const events: StreamEvent[] = []
      for (;;) {
        // A carriage return at the very end may be half of a line end: it waits for the next piece.
        const end = /\r\n|\n|\r(?!$)/.exec(rest)
        if (end === null) return events
        const line = rest.slice(0, end.index)
        rest = rest.slice(end.index + end[0].length)
        if (line === '') {
          const event = complete()
          if (event) events.push(event)
        } else {
          field(line)
        }
      }
    },
  }
}
