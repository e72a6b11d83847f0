/** Lines of text as Ink draws them: one piece, cut at the edge of its box. */
import { Box, Text } from 'ink'
import type { ReactNode } from 'react'
import { type Line, lineText } from '../text/line.ts'

export function Lines({
  lines,
  columns,
  rows,
}: {
  lines: readonly Line[]
  columns: number
  rows?: number
}): ReactNode {
  const visible = rows === undefined ? lines : lines.slice(0, rows)
  if (visible.length === 0) return rows === undefined ? null : <Box height={rows} flexShrink={0} />
  return (
    <Box width={columns} height={rows ?? visible.length} flexShrink={0} overflow="hidden">
      <Text wrap="truncate-end">{visible.map((line) => lineText(line) || ' ').join('\n')}</Text>
    </Box>
  )
}
