package io.tokenbroker.terminal;

import java.io.Console;
import java.io.PrintStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What is shown: text for people, or JSON for programs, on standard output; all else on standard error. */
final class Screen {

    private final PrintStream out;
    private final PrintStream err;
    private final boolean json;
    private final @Nullable Console console;
    private int shown;
    private String last = "";

    Screen(PrintStream out, PrintStream err, boolean json, @Nullable Console console) {
        this.out = out;
        this.err = err;
        this.json = json;
        this.console = console;
    }

    boolean isJson() {
        return json;
    }

    /** Whether there is somebody to ask. */
    boolean canAsk() {
        return !json && console != null;
    }

    boolean agrees(String question) {
        String answer = console == null ? null : console.readLine("%s [y/N] ", question);
        return answer != null
                && (answer.strip().equalsIgnoreCase("y") || answer.strip().equalsIgnoreCase("yes"));
    }

    void text(String text) {
        if (!json) {
            out.println(text);
        }
    }

    void json(JsonNode value) {
        if (json) {
            out.println(value);
        }
    }

    void error(String text) {
        endLine();
        err.println("tokenbroker: " + text);
    }

    /** In place of the line before where this is a terminal, and else a line of its own, where it says something new. */
    void progress(String line, boolean worthALine) {
        if (json) {
            return;
        }
        if (console != null) {
            out.print("\r" + line + " ".repeat(Math.max(0, shown - line.length())));
            out.flush();
            shown = line.length();
        } else if (worthALine && !line.equals(last)) {
            out.println(line);
        }
        last = line;
    }

    void endLine() {
        if (shown > 0) {
            out.println();
            shown = 0;
        }
    }
}
