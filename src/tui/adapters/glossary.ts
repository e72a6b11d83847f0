/** The glossary of the course, read once it may be asked for. */
import type { Term } from '../../course/explain/look-up.ts'

export interface GlossarySource {
  /** Resolves when it can be asked; what cannot be read is empty. */
  load(): Promise<void>
  terms(): readonly Term[]
}

export function openGlossary(file: { readonly name: string; readonly text: string } | null): GlossarySource {
  let terms: readonly Term[] = []
  let loading: Promise<void> | null = null
  const read = async (): Promise<void> => {
    if (file === null) return
    const { loadGlossary } = await import('../../course/glossary.ts')
    terms = loadGlossary(file).glossary.entries.map(({ term, also, text, lesson, step }) => ({
      ...{ term, also, text },
      see: `${lesson}#${step}`,
    }))
  }
  return {
    load() {
      loading ??= read()
      return loading
    },
    terms: () => terms,
  }
}
