"""Names under which the store keeps what was measured of a model; rates are tokens a second."""

READ, WRITTEN, PEAK = "read_tokens_per_second", "written_tokens_per_second", "peak_bytes"
BATCHED, SCORED = "answers_tokens_per_second", "weighed_tokens_per_second"
TRIED = (READ, WRITTEN, PEAK)
BY_TRIAL = "run here by elige fit --measure"
# How the rates of whole runs were taken.
IN_RUNS = {
    BATCHED: "answers written in runs here, several at once, their prompts read meanwhile",
    SCORED: "choices weighed in runs here, what they share read once",
}
