"""The words of the page About that hold nothing which was collected; what changes with the rules or the data is not here."""

from __future__ import annotations

CONTENTS = """
<nav aria-label="On this page"><ul class="rt-plain rt-row rt-small">
<li><a href="#method">Method</a></li><li><a href="#ladder">Ladder</a></li><li><a href="#releases">Releases</a></li>
<li><a href="#data">Data</a></li><li><a href="#versions">Versions</a></li><li><a href="#limits">Limits</a></li>
<li><a href="#measured">What is measured</a></li><li><a href="#privacy">Privacy</a></li>
</ul></nav>
"""

METHOD = """
<h2 id="method">How a claim comes to its status</h2>
<p>Every night the configured sources are read, politely and within their rules. In each new text the sentences are found
that claim something about an AI model or who makes it. What is said is kept apart from who says it, how surely, and
whether it is denied, so that a denial meets the claim that it denies. Claims that name another version, another number
or another date stay apart and are shown as rivals.</p>
<p>Each mention takes a stance, with the words that gave it away:</p>
<dl>{stances}</dl>
<p>Then each mention is traced to the voice it comes from, along links, replies, quotations, words such as “according to”,
and texts that are nearly the same. <b>Twenty outlets that quote one post are one voice.</b></p>
{voices}
<p>A ladder of rules over the independent voices, their roles and primary documents (a model page, a release) gives the
status:</p>
<dl>{statuses}</dl>
<p>A denial by the accused is shown as a denial; it is never counted as a refutation. Every status names the evidence that
moved it and says what would change it. An editor can overrule the machine; both words stay visible.</p>
"""

VOICES = """
<dl>
<dt>a voice</dt><dd>who stands behind words: the person quoted, an account that speaks for itself, an outlet with sources of its own</dd>
<dt>one voice</dt><dd>an organisation with all its officials and channels, and the outlets of one owner</dd>
<dt>not stored</dt><dd>a voice that is known only from who passes it on; it counts once</dd>
<dt>no voice</dt><dd>a rumour with nobody behind it, an aggregator, and every repetition</dd>
</dl>
"""

STANCES = {
    "supports": "it says that the claim is so",
    "denies": "it says that the claim is not so",
    "questions": "it doubts or asks",
    "reports": "it tells of the claim and takes no side, or we could not tell which",
}

LIMITS = """
<h2 id="limits">What this cannot know</h2>
<ul>
<li>It sees only the sources that are configured, and only what they show in public. “First” means first of all we have stored.</li>
<li>A source that failed last night is missing from it; <a class="rt-in" href="runs">Runs</a> names each one.</li>
<li>Dates are never guessed. Where a page does not say when it was written, the time is shown as unknown.</li>
<li>Claims are found in English texts only.</li>
<li>Finding claims, joining mentions and reading stances is done by models, and models err. The quote is always there to be read.</li>
<li>“Support” weighs the voices for a claim against all voices on it, from 0 to 1. It orders claims; it is no probability of truth.</li>
</ul>
"""

MEASURED = """
<h2 id="measured">What is measured</h2>
<p>How often claims are found, mentions are joined, stances are read and statuses come out as people say is measured on texts
that people have labelled. The figures, with how many cases stand behind each and the command that measures it anew, are in
<code>docs/benchmarks.md</code>, which comes with the program; none is repeated here, where it would grow old.</p>
<p>Everything on these pages can be asked in SQL: <code>rumortrail ask</code>, and <code>docs/sql.md</code> describes each table.</p>
"""

PRIVACY = """
<h2 id="privacy">What your browser keeps</h2>
<ul>
<li><code>rumortrail_looked</code> and <code>rumortrail_visit</code>: cookies with the time of your last visit and the night that you saw,
so that you can be told what is new since. They hold no name.</li>
<li><code>rumortrail_editor</code>: set only when an editor signs in, and taken away when the editor signs out.</li>
<li><code>_streamlit_xsrf</code>: a random value against forged requests.</li>
<li><code>stActiveTheme</code>, in the browser's own storage: whether you chose light or dark.</li>
</ul>
<p>Nothing is loaded from elsewhere, nobody counts your visits, and a link to a source does not tell that source where you
came from.</p>
"""
