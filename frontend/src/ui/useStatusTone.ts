/** A sale's state as a word and a tone, the same on every page. */
import { useWords } from './useWords'

export type Tone = 'plain' | 'active' | 'lead' | 'outbid' | 'extend' | 'done'

const TONES: Record<string, Tone> = {
  registration_open: 'active',
  free_bidding: 'active',
  timed_bidding: 'active',
  on_the_block: 'active',
  sealing: 'active',
  opening: 'extend',
  priority_pending: 'extend',
  suspended: 'extend',
  awarded: 'lead',
  passed_in: 'done',
  cancelled: 'done',
}

export function useStatusTone() {
  const { label } = useWords()
  return {
    tone: (status: string): Tone => TONES[status] ?? 'plain',
    word: (status: string) => label('common.saleStatus', status),
  }
}
