package io.tokenbroker.busdouble;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.qpid.proton.amqp.Binary;
import org.apache.qpid.proton.amqp.messaging.Data;
import org.apache.qpid.proton.codec.AMQPDefinedTypes;
import org.apache.qpid.proton.codec.DecoderImpl;
import org.apache.qpid.proton.codec.EncoderImpl;

/** Service Bus's own message format for a batch: a message of several data sections, each a whole message. */
final class Batches {

    private static final int FORMAT = 0x80013700;

    private Batches() {}

    /** The messages of a delivery. */
    static List<byte[]> messages(int format, byte[] encoded) {
        if (format != FORMAT) {
            return List.of(encoded);
        }
        DecoderImpl decoder = new DecoderImpl();
        AMQPDefinedTypes.registerAllTypes(decoder, new EncoderImpl(decoder));
        ByteBuffer buffer = ByteBuffer.wrap(encoded);
        decoder.setByteBuffer(buffer);
        List<byte[]> messages = new ArrayList<>();
        while (buffer.hasRemaining()) {
            if (decoder.readObject() instanceof Data data) {
                Binary one = data.getValue();
                byte[] bytes = new byte[one.getLength()];
                System.arraycopy(one.getArray(), one.getArrayOffset(), bytes, 0, bytes.length);
                messages.add(bytes);
            }
        }
        return messages;
    }
}
