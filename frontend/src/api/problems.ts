/** What the server answers when it does not do what was asked (RFC 9457), and what is thrown here. */

export interface FieldProblem {
  pointer: string
  code: string
  detail: string
  detail_en: string
}

export interface Problem {
  title: string
  title_en: string
  status: number
  code: string
  detail: string
  detail_en: string
  remedy: string
  remedy_en: string
  errors: FieldProblem[]
  request_id: string
  [member: string]: unknown
}

/** The server answered, and the answer is no (or: not now). */
export class Refused extends Error {
  constructor(
    readonly problem: Problem,
    /** Seconds after which asking again may help, where the server said so. */
    readonly retryAfter: number | null,
  ) {
    super(`${problem.status} ${problem.code}`)
    this.name = 'Refused'
  }

  get status(): number {
    return this.problem.status
  }

  get code(): string {
    return this.problem.code
  }

  /** The complaint about one field, by the end of its pointer ("/body/amount"). */
  field(pointer: string): FieldProblem | undefined {
    return this.problem.errors.find((error) => error.pointer === pointer)
  }
}

/** No answer came: what was asked may or may not have happened. */
export class Unreachable extends Error {
  constructor(options?: ErrorOptions) {
    super('no answer', options)
    this.name = 'Unreachable'
  }
}

/** After these the work was not done: a repeat with the same key is a fresh attempt. */
export function mayHaveHappened(error: unknown): boolean {
  return !(error instanceof Refused) || error.status >= 500
}

function isProblem(value: unknown): value is Problem {
  return typeof value === 'object' && value !== null && 'code' in value && 'title' in value
}

/** A problem of ours, or one made up for an answer that is not ours (a proxy's 502 page). */
export function problemOf(body: unknown, response: Response): Problem {
  if (isProblem(body)) return { ...body, errors: body.errors ?? [] }
  return {
    title: '服务暂时没有正常应答',
    title_en: 'The service did not answer properly',
    status: response.status,
    code: `http_${response.status}`,
    detail: '',
    detail_en: '',
    remedy: '请稍后重试。',
    remedy_en: 'Try again shortly.',
    errors: [],
    request_id: response.headers.get('x-request-id') ?? '',
  }
}
