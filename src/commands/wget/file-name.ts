/** The file that a download is saved to when none is named. */

export function fileNameOf(path: string): string {
  const name = path.replace(/\?.*/, '').split('/').pop() ?? ''
  return name === '' ? 'index.html' : name
}
