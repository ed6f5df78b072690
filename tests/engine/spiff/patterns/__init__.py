"""The workflow control patterns of van der Aalst and others, each as a small diagram that is played.

The page docs/bpmn-support.md is made from PATTERNS; numbers and names are those of workflowpatterns.com.
"""

from collections.abc import Mapping

from tests.engine.spiff.patterns import branches, instances, states
from tests.engine.spiff.script import Sample

PATTERNS: Mapping[int, Sample] = {
    sample.number: sample for sample in (*branches.PATTERNS, *instances.PATTERNS, *states.PATTERNS)
}
