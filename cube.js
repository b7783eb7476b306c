/**
 * Configuration of the official Cube server (image `cubejs/cube`, or `npx cubejs server` where the native addon is installed):
 * REST, GraphQL, meta and the SQL API over the published version. `saydo start` embeds the same configuration without the addon.
 *
 * Environment: SAYDO_HOME (state folder that holds `lake/`) or SAYDO_LAKE with its key for a lake on S3, CUBEJS_API_SECRET (32 characters or more), CUBEJS_DEFAULT_TIMEZONE (the project's zone),
 * CUBEJS_DB_TYPE=duckdb, NODE_ENV=production, CUBEJS_EXTERNAL_DEFAULT=false; for the SQL API CUBEJS_PG_SQL_PORT, CUBEJS_SQL_USER, CUBEJS_SQL_PASSWORD.
 * Needs Node 24, which runs TypeScript as it is.
 */
import { officialCubeConfig } from '#stack/official-cube.ts'

export default officialCubeConfig(process.env)
