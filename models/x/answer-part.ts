/** What a source contributes to `answer`: values as given, before the question registry says what they measure. */
import { z } from 'zod'

/** Grain: answer_id. */
export const AnswerPart = z.object({
  answer_id: z.string(),
  submission_id: z.string(),
  source: z.string(),
  survey_id: z.string(),
  question_id: z.string(),
  number: z.number().nullable(),
  choice: z.string().nullable(),
  answered_at: z.iso.datetime(),
})
