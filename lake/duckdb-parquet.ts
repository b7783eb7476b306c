/** How the lake's Parquet files are written, as options of DuckDB's COPY. */
export const parquetOptions = 'FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1'
