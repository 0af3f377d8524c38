package io.tokenbroker.bench;

import java.lang.management.ManagementFactory;

/** What a command says: its result on standard output, how far it is on standard error. */
final class Report {

    private Report() {}

    /** What the figures depend on. */
    static String conditions(Programs programs) {
        return "%d processors, load before %.1f, Java %s, every process with %s%s."
                .formatted(
                        Runtime.getRuntime().availableProcessors(),
                        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
                        Runtime.version(),
                        String.join(" ", programs.jvmOptions()),
                        programs.subjectOptions().isEmpty()
                                ? ""
                                : ", the subject with " + String.join(" ", programs.subjectOptions()));
    }

    @SuppressWarnings("SystemOut") // a command's result
    static void print(String line) {
        System.out.println(line);
    }

    @SuppressWarnings("SystemOut") // for whoever waits for the result
    static void progress(String line) {
        System.err.println(line);
    }
}
