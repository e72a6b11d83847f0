/** Which files of a folder are lessons, which are translations of one, and which are papers about them. */

/** `07-publishing.de.md` is the German `07-publishing.md`. */
const TRANSLATION = /^(.+)\.([a-z]{2,3}(?:-[A-Z]{2})?)\.md$/

export type FileRole =
  | { readonly kind: 'lesson' }
  | { readonly kind: 'translation'; readonly of: string; readonly language: string }
  /** `README.md`, `AUTHORING.md`: for those who write lessons. */
  | { readonly kind: 'paper' }

export function roleOf(name: string): FileRole {
  const at = Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1
  const base = name.slice(at)
  if (/^[A-Z][A-Z_-]*\.md$/.test(base)) return { kind: 'paper' }
  const match = TRANSLATION.exec(base)
  if (match === null) return { kind: 'lesson' }
  return { kind: 'translation', of: `${name.slice(0, at)}${match[1]}.md`, language: match[2]! }
}

/** `de` for `de_DE.UTF-8` and `de-AT`; null for what names no language (`C`, `POSIX`, nothing). */
export function languageOf(locale: string | undefined): string | null {
  const match = /^([a-z]{2,3})(?:[_-][A-Za-z]{2,4})?(?:[.@].*)?$/.exec(locale ?? '')
  return match === null ? null : match[1]!
}

/** Title and section of a translation, without YAML: the list of lessons is there at once. */
export function titleOf(translation: string): { title: string; section: string | null } | null {
  const front = /^---\r?\n([\s\S]*?)\n---\r?\n/.exec(translation)?.[1]
  const field = (name: string): string | null => {
    const found = new RegExp(`^${name}:[ \\t]*(.*?)\\s*$`, 'm').exec(front ?? '')?.[1]
    return found === undefined ? null : found.replace(/^(["'])(.*)\1$/, '$2')
  }
  const title = field('title')
  return title === null ? null : { title, section: field('section') }
}
