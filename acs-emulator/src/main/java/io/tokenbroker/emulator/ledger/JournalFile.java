package io.tokenbroker.emulator.ledger;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * A journal in a file, a line for each change. One thread writes all that waits at once; what is written is with the
 * operating system, so it outlives the process, though not a loss of power. The file is locked while open.
 *
 * <p>While the disk is full, or the file cannot be written for another reason, nobody is told that a change is kept. What
 * could not be written goes into the file as soon as that is possible, before anything else.
 */
final class JournalFile implements Journal {
    private static final Logger LOG = LoggerFactory.getLogger(JournalFile.class);
    private static final Duration PAUSE = Duration.ofMillis(200);

    private final FileChannel file;
    /** Where its last whole line ends; what lies behind is part of a line that was cut short. */
    private long end;
    /** Lines of changes that have happened and could not be written. */
    private String owed = "";

    private volatile boolean writable = true;
    /** Without a lock, so that whoever writes never waits. */
    private final Queue<Entry> waiting = new ConcurrentLinkedQueue<>();

    private volatile boolean closing;
    private final Thread writer = new Thread(this::writeUntilEnd, "acs-emulator-journal");

    private record Entry(String line, Sinks.One<Void> written) {}

    /** Hears the changes of a file again. */
    interface Listener {
        void on(Change change, UUID user, long epochMillis);
    }

    private JournalFile(FileChannel file, long end) {
        this.file = file;
        this.end = end;
    }

    /**
     * Tells {@code listener} what the file holds and goes on after it. A last line that was cut short is cut off.
     *
     * @throws UncheckedIOException if the file cannot be read or written, or is another emulator's
     */
    static JournalFile open(Path path, Listener listener) {
        try {
            FileChannel file = FileChannel.open(path, CREATE, READ, WRITE);
            long end;
            try {
                lock(file, path);
                replay(path, listener);
                end = endOfLastLine(file);
                file.truncate(end).position(end);
            } catch (IOException | RuntimeException e) {
                file.close();
                throw e;
            }
            var journal = new JournalFile(file, end);
            journal.writer.setDaemon(true);
            journal.writer.start();
            return journal;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Mono<Void> write(Change change, UUID user, long epochMillis) {
        var entry = new Entry(change.letter() + " " + user + " " + epochMillis + "\n", Sinks.one());
        waiting.add(entry);
        LockSupport.unpark(writer);
        return entry.written().asMono();
    }

    @Override
    public boolean isWritable() {
        return writable;
    }

    @Override
    public void close() {
        closing = true;
        LockSupport.unpark(writer);
        try {
            writer.join();
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void writeUntilEnd() {
        List<Entry> batch = new ArrayList<>();
        boolean last = false;
        while (!last) {
            last = closing;
            for (Entry entry = waiting.poll(); entry != null; entry = waiting.poll()) {
                batch.add(entry);
            }
            if (!batch.isEmpty() || !writable) {
                write(batch);
                batch.clear();
                if (!writable && !last) {
                    LockSupport.parkNanos(this, PAUSE.toNanos());
                }
            } else if (!last) {
                LockSupport.park(this);
            }
        }
    }

    private void write(List<Entry> batch) {
        var lines = new StringBuilder(owed);
        batch.forEach(entry -> lines.append(entry.line()));
        try {
            append(lines.toString());
            if (!writable) {
                LOG.info("The ledger can be written again");
            }
            owed = "";
            writable = true;
            batch.forEach(entry -> entry.written().tryEmitEmpty());
        } catch (IOException e) {
            if (writable) {
                LOG.error("The ledger cannot be written: changes are refused until it can", e);
            }
            owed = lines.toString();
            writable = false;
            batch.forEach(entry -> entry.written().tryEmitError(new LedgerUnwritable(e)));
        }
    }

    private void append(String lines) throws IOException {
        if (file.position() != end) {
            file.truncate(end);
        }
        ByteBuffer bytes = ByteBuffer.wrap(lines.getBytes(US_ASCII));
        while (bytes.hasRemaining()) {
            file.write(bytes);
        }
        end = file.position();
    }

    private static void lock(FileChannel file, Path path) throws IOException {
        FileLock lock;
        try {
            lock = file.tryLock();
        } catch (OverlappingFileLockException e) {
            lock = null;
        }
        if (lock == null) {
            throw new IOException(path + " is in use by another emulator");
        }
    }

    private static void replay(Path path, Listener listener) throws IOException {
        long unreadable = 0;
        try (BufferedReader lines = Files.newBufferedReader(path, US_ASCII)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                unreadable += tell(line, listener) ? 0 : 1;
            }
        }
        if (unreadable > 0) {
            LOG.warn("Lines of the journal left out because they make no sense: {}", unreadable);
        }
    }

    private static boolean tell(String line, Listener listener) {
        String[] parts = line.split(" ");
        if (parts.length != 3 || parts[0].length() != 1 || parts[1].length() != 36) {
            return false;
        }
        try {
            UUID user = UUID.fromString(parts[1]);
            long on = Long.parseLong(parts[2]);
            for (Change change : Change.values()) {
                if (change.letter() == parts[0].charAt(0)) {
                    listener.on(change, user, on);
                    return true;
                }
            }
            return false;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static long endOfLastLine(FileChannel file) throws IOException {
        ByteBuffer one = ByteBuffer.allocate(1);
        long end = file.size();
        while (end > 0) {
            file.read(one.clear(), end - 1);
            if (one.get(0) == '\n') {
                break;
            }
            end--;
        }
        return end;
    }
}
