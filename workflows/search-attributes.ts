/** What runs can be searched by in the Temporal UI: names of sources, models and versions, never anything personal. */
import { defineSearchAttributeKey } from '@temporalio/common'

/** The source a run reads. */
export const Source = defineSearchAttributeKey('Source', 'KEYWORD')
/** The model a build stopped at. */
export const Model = defineSearchAttributeKey('Model', 'KEYWORD')
/** The version a build published. */
export const Version = defineSearchAttributeKey('Version', 'KEYWORD')
