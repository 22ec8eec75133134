"""What is passed around: frozen data, and the protocols."""

from elige.records.answer import Answer, ContinuationScore, Finish, Piece
from elige.records.budget import Allowance, Budget
from elige.records.candidate import Candidate, PromptStyle
from elige.records.card import (
    Broken,
    Card,
    Catalogue,
    Column,
    Entry,
    Offer,
    Origin,
    Place,
    PublishedScore,
    Relation,
    RelationKind,
    Source,
    Value,
)
from elige.records.engine import (
    Engine,
    EngineFactory,
    EngineInfo,
    EngineSpec,
    Identity,
    Member,
)
from elige.records.event import (
    Answered,
    Event,
    Failed,
    Finished,
    Noticed,
    RunStarted,
    Settled,
)
from elige.records.fact import Fact, FactKind
from elige.records.figure import Figure
from elige.records.job import Executor, Job, Result
from elige.records.model import ModelRef, RefKind
from elige.records.observation import AnswerKey, Failure, Observation
from elige.records.prices import Prices
from elige.records.prompt import Ask, CombinedPrompt, Message, Prompt
from elige.records.run_result import RunResult, Speed, SpeedName
from elige.records.sample import Sample
from elige.records.sampling import Sampling
from elige.records.score import Outcome, Score, Scorer
from elige.records.task import (
    ChoiceFormat,
    Estimates,
    Examiner,
    Guess,
    PromptForm,
    Rotations,
    ScorerSpec,
    SetAside,
    Task,
    TaskKind,
)
from elige.records.verdict import (
    Considered,
    Interval,
    Preference,
    RacePoint,
    Scope,
    Standing,
    Status,
    Verdict,
)

__all__ = [
    "Allowance",
    "Answer",
    "AnswerKey",
    "Answered",
    "Ask",
    "Broken",
    "Budget",
    "Candidate",
    "Card",
    "Catalogue",
    "ChoiceFormat",
    "Column",
    "Considered",
    "CombinedPrompt",
    "ContinuationScore",
    "Engine",
    "EngineFactory",
    "EngineInfo",
    "EngineSpec",
    "Entry",
    "Estimates",
    "Event",
    "Examiner",
    "Executor",
    "Fact",
    "FactKind",
    "Failed",
    "Failure",
    "Figure",
    "Finish",
    "Finished",
    "Guess",
    "Identity",
    "Interval",
    "Job",
    "Member",
    "Message",
    "ModelRef",
    "Noticed",
    "Observation",
    "Offer",
    "Origin",
    "Outcome",
    "Piece",
    "Place",
    "Preference",
    "Prices",
    "Prompt",
    "PromptForm",
    "PromptStyle",
    "PublishedScore",
    "RacePoint",
    "RefKind",
    "Relation",
    "RelationKind",
    "Result",
    "Rotations",
    "RunResult",
    "RunStarted",
    "Sample",
    "Sampling",
    "Scope",
    "Score",
    "Scorer",
    "ScorerSpec",
    "SetAside",
    "Settled",
    "Source",
    "Speed",
    "SpeedName",
    "Standing",
    "Status",
    "Task",
    "TaskKind",
    "Value",
    "Verdict",
]
