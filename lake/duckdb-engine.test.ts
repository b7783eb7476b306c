/** The engine on DuckDB: what every engine promises, and nothing of DuckDB's own that its name would hide. */
import { createDuckdbEngine } from './duckdb-engine.ts'
import { engineConformance } from './engine.conformance.ts'

engineConformance('on DuckDB', createDuckdbEngine)
